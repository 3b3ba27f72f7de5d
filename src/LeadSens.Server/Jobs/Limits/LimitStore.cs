using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Jobs;

/// <summary>How fast one account lets granted jobs start.</summary>
/// <param name="StartsIn">The first one's start; negative while the burst lasts.</param>
internal readonly record struct LimitPace(string Key, TimeSpan StartsIn, TimeSpan Spacing);

/// <summary>What the accounts grant to one claim.</summary>
/// <param name="RetryIn">When it is worth asking again.</param>
internal sealed record LimitGrant(int Jobs, IReadOnlyList<LimitPace> Paces, TimeSpan RetryIn)
{
    /// <summary>How long the n-th granted job waits for its start.</summary>
    public TimeSpan WaitOf(int n)
    {
        var wait = TimeSpan.Zero;
        foreach (var pace in Paces)
            if (pace.StartsIn + (pace.Spacing * n) is var start && start > wait) wait = start;
        return wait;
    }

    /// <summary>Between the starts of two granted jobs; zero for an account without a rate.</summary>
    public TimeSpan SpacingOf(string key)
    {
        foreach (var pace in Paces)
            if (pace.Key == key) return pace.Spacing;
        return TimeSpan.Zero;
    }
}

/// <summary>An account's row as this node knows it.</summary>
/// <param name="CircuitFor">Time until the next probe; null when the circuit is closed.</param>
internal sealed record LimitRow(string Key, bool IsRated, bool IsConcurrent, TimeSpan BlockedFor, TimeSpan? CircuitFor, string? CircuitReason);

/// <summary>The SQL of the limits.</summary>
internal static class LimitStore
{
    private const string TakeSql = "select account, granted, starts_in, spacing, retry_in from take_limits($1, $2, $3, $4, $5, $6, $7)";

    private const string WriteRulesSql = """
        insert into limits (key, per_second, burst, concurrency, tat)
        select key, nullif(per_second, 0), greatest(burst, 1), nullif(concurrency, 0), clock_now()
        from unnest($1::text[], $2::double precision[], $3::int[], $4::int[]) as rule (key, per_second, burst, concurrency)
        order by key
        on conflict (key) do update set per_second = excluded.per_second, burst = excluded.burst, concurrency = excluded.concurrency
        """;

    private const string DropEmptySql = """
        delete from limits where key = any($1) and per_second is null and concurrency is null and circuit_until is null
            and (blocked_until is null or blocked_until < clock_now())
        """;

    private const string ReadSql = """
        select key, per_second is not null, concurrency is not null,
            greatest(extract(epoch from blocked_until - now.at), 0)::double precision,
            extract(epoch from circuit_until - now.at)::double precision, circuit_reason
        from limits, (select clock_now() as at) now
        where per_second is not null or concurrency is not null or circuit_until is not null or blocked_until > now.at
        """;

    private const string BlockSql = """
        insert into limits (key, tat, blocked_until) select $1, now.at, now.at + $2 from (select clock_now() as at) now
        on conflict (key) do update set blocked_until = greatest(limits.blocked_until, excluded.blocked_until)
        """;

    private const string HoldSql = """
        update limit_slots set held = used.held, lease_until = clock_now() + interval '60 seconds'
        from unnest($2::text[], $3::int[]) as used (key, held)
        where limit_slots.key = used.key and node_id = $1
        """;

    public static async Task<LimitGrant> TakeAsync(
        NpgsqlConnection connection, LimitAsk ask, Guid nodeId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TakeSql, connection)
        {
            Parameters =
            {
                new() { Value = ask.Keys }, new() { Value = ask.Calls }, new() { Value = ask.Used }, new() { Value = ask.Jobs },
                new() { Value = ask.Horizon }, new() { Value = nodeId }, new() { Value = ask.Probe },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        // No row: an account that lost its row meanwhile is unlimited.
        var (jobs, retry, paces) = (ask.Jobs, 0d, new List<LimitPace>(1));
        while (await reader.ReadAsync(cancellationToken))
        {
            jobs = reader.GetInt32(1);
            if (!reader.IsDBNull(2)) paces.Add(new(reader.GetString(0), TimeSpan.FromSeconds(reader.GetDouble(2)), TimeSpan.FromSeconds(reader.GetDouble(3))));
            retry = Math.Max(retry, reader.GetDouble(4));
        }

        return new(jobs, paces, TimeSpan.FromSeconds(retry));
    }

    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, LimitRule> rules, CancellationToken cancellationToken)
    {
        var keys = rules.Keys.ToArray();
        await using (var write = new NpgsqlCommand(WriteRulesSql, connection))
        {
            write.Parameters.Add(new() { Value = keys });
            write.Parameters.Add(new() { Value = rules.Values.Select(rule => rule.RatePerSecond).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double });
            write.Parameters.Add(new() { Value = rules.Values.Select(rule => rule.Burst).ToArray() });
            write.Parameters.Add(new() { Value = rules.Values.Select(rule => rule.Concurrency).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            await write.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var drop = new NpgsqlCommand(DropEmptySql, connection) { Parameters = { new() { Value = keys } } };
        await drop.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<List<LimitRow>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = new List<LimitRow>();
        await using var command = new NpgsqlCommand(ReadSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2),
                await reader.IsDBNullAsync(3, cancellationToken) ? TimeSpan.Zero : TimeSpan.FromSeconds(reader.GetDouble(3)),
                await reader.IsDBNullAsync(4, cancellationToken) ? null : TimeSpan.FromSeconds(reader.GetDouble(4)),
                await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetString(5)));
        }

        return rows;
    }

    public static async Task BlockAsync(NpgsqlConnection connection, string key, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(BlockSql, connection) { Parameters = { new() { Value = key }, new() { Value = duration } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives back the concurrency that this node holds and does not use, and renews the rest.</summary>
    public static async Task HoldAsync(NpgsqlConnection connection, Guid nodeId, IReadOnlyDictionary<string, int> used, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(HoldSql, connection)
        {
            Parameters = { new() { Value = nodeId }, new() { Value = used.Keys.ToArray() }, new() { Value = used.Values.ToArray() } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>What a claim asks of its accounts.</summary>
/// <param name="Calls">Calls of one job, by key.</param>
/// <param name="Used">Jobs that this node runs on the account, by key.</param>
/// <param name="Horizon">How far ahead a granted start may lie.</param>
/// <param name="Probe">The one call that finds out whether the provider is back.</param>
internal sealed record LimitAsk(string[] Keys, int[] Calls, int[] Used, int Jobs, TimeSpan Horizon, bool Probe);
