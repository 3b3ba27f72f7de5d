using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>An event that this node took to publish it.</summary>
internal sealed record TakenEvent(IntegrationEvent Event, int Attempts);

/// <summary>How publishing an event went wrong.</summary>
/// <param name="SpendsAttempt">False when the broker was away.</param>
internal readonly record struct Unpublished(TakenEvent Taken, string Error, bool SpendsAttempt);

/// <summary>The SQL of the dispatcher.</summary>
internal static class OutboxStore
{
    public const int MaxAttempts = 5;

    private const string TakeSql = """
        with ready as (
            select id from outbox_events, (select clock_now() as at) now where status in ('pending', 'failed') and run_after <= now.at
            order by run_after, id limit $3 for update of outbox_events skip locked),
        abandoned as (
            select id from outbox_events, (select clock_now() as at) now where status = 'processing' and (lease_until < now.at or node_id = any($4))
            limit $3 for update of outbox_events skip locked),
        due as (select id from ready union all select id from abandoned)
        update outbox_events e set status = 'processing', claim_token = $1, node_id = $2, lease_until = clock_now() + interval '30 seconds'
        from due where e.id = due.id
        returning e.id, e.workspace_id, e.type, e.payload::text, e.created_at, e.attempts
        """;

    private const string SentSql = """
        update outbox_events set status = 'sent', sent_at = clock_now(), claim_token = null, node_id = null, lease_until = null, last_error = null
        where id = any($1) and claim_token = $2
        """;

    private const string UnpublishedSql = """
        update outbox_events e set
            attempts = e.attempts + failed.spent,
            status = case when failed.spent = 0 then 'pending' when e.attempts + failed.spent >= $5 then 'dead_letter' else 'failed' end,
            run_after = clock_now() + case failed.spent when 0 then interval '0' else make_interval(secs => power(2, e.attempts + 1)) end,
            last_error = failed.error, claim_token = null, node_id = null, lease_until = null
        from unnest($1::uuid[], $2::int[], $3::text[]) as failed (id, spent, error)
        where e.id = failed.id and e.claim_token = $4
        """;

    private const string NextSql = """
        select extract(epoch from min(run_after) - clock_now())::double precision from outbox_events where status in ('pending', 'failed')
        """;

    private const string SendAgainSql = """
        update outbox_events set status = 'pending', attempts = 0, run_after = clock_now()
        where id = $1 and workspace_id = $2 and status = 'dead_letter'
        """;

    /// <summary>Gives a dead letter all its attempts again. False: it is none, or of another workspace.</summary>
    public static async Task<bool> SendAgainAsync(NpgsqlConnection connection, Guid workspaceId, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SendAgainSql, connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = workspaceId });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    public static async Task<List<TakenEvent>> TakeAsync(NpgsqlConnection connection, Guid token, Guid nodeId, int max, Guid[] deadNodes, CancellationToken cancellationToken)
    {
        var taken = new List<TakenEvent>();
        await using var command = new NpgsqlCommand(TakeSql, connection)
        {
            Parameters = { new() { Value = token }, new() { Value = nodeId }, new() { Value = max }, new() { Value = deadNodes } },
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            taken.Add(new(
                new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), await row.GetFieldValueAsync<DateTimeOffset>(4, cancellationToken)),
                row.GetInt32(5)));
        }

        return taken;
    }

    public static async Task SentAsync(NpgsqlConnection connection, Guid token, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SentSql, connection) { Parameters = { new() { Value = ids }, new() { Value = token } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task UnpublishedAsync(NpgsqlConnection connection, Guid token, IReadOnlyList<Unpublished> failed, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UnpublishedSql, connection)
        {
            Parameters =
            {
                new() { Value = failed.Select(one => one.Taken.Event.Id).ToArray() },
                new() { Value = failed.Select(one => one.SpendsAttempt ? 1 : 0).ToArray() },
                new() { Value = failed.Select(one => one.Error).ToArray() },
                new() { Value = token }, new() { Value = MaxAttempts },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Time until the next event is due; null when there is none.</summary>
    public static async Task<TimeSpan?> NextDueAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(NextSql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is double seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : null;
    }
}
