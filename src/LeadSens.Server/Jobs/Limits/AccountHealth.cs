using LeadSens.Server.Data;
using Microsoft.Extensions.Options;
using NpgsqlTypes;

namespace LeadSens.Server.Jobs;

/// <summary>Opens an account's circuit when job after job fails for the provider being down, and closes it when a probe gets through.
/// Batches that need the account are paused with the reason while it is open.</summary>
internal sealed class AccountHealth(SystemDatabase database, Limits limits, LimitBook book, JobSignal signal, IOptions<JobsOptions> options, ILogger<AccountHealth> logger)
{
    private const string OpenSql = """
        insert into limits as l (key, tat, circuit_until, circuit_trips, circuit_reason)
        select $1, now.at, now.at + $2, 1, $4 from (select clock_now() as at) now
        on conflict (key) do update set circuit_reason = $4, circuit_trips = l.circuit_trips + 1,
            circuit_until = clock_now() + least($3, $2 * power(2, l.circuit_trips))
        where l.circuit_until is null or $5
        """;

    private const string PauseSql = """
        update batches set paused_reason = 'circuit_open', paused_detail = l.circuit_reason, paused_key = l.key, paused_until = l.circuit_until
        from limits l where l.key = $1 and l.circuit_until is not null and batches.is_open and batches.state = 'Running'
            and ((batches.id = any($2) and batches.paused_reason is null) or (batches.paused_reason = 'circuit_open' and batches.paused_key = $1))
        """;

    private const string CloseSql = "update limits set circuit_until = null, circuit_trips = 0, circuit_reason = null where key = $1 and circuit_until is not null";

    // Whoever asks may not have heard yet that the circuit is open: the row knows.
    private const string ResumeSql = """
        update batches set paused_reason = null, paused_detail = null, paused_key = null, paused_until = null
        where is_open and paused_reason = 'circuit_open' and paused_key = $1 and not exists (select from limits where key = $1 and circuit_until is not null)
        """;

    // The next probe is half a minute away unless this one's end says otherwise: one probe in the whole cluster.
    private const string ProbeSql = "update limits set circuit_until = clock_now() + interval '30 seconds' where key = $1 and circuit_until <= clock_now()";

    private const int MostFailing = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<Guid>> failing = new(StringComparer.Ordinal);

    /// <summary>The account among the job's whose provider failed.</summary>
    public static string KeyOf(ProviderFailure failure, RunningJob running)
    {
        foreach (var key in running.Claim.Keys)
            if (key.Length > failure.Provider.Length && key[failure.Provider.Length] == ':' && key.StartsWith(failure.Provider, StringComparison.OrdinalIgnoreCase)) return key;
        return running.Claim.Keys.Length > 0 ? running.Claim.Keys[0] : $"{failure.Provider}:{running.Job.WorkspaceId}";
    }

    public void Succeeded(string[] keys, string? exceptKey)
    {
        if (failing.Count == 0) return;
        lock (gate)
        {
            foreach (var key in keys)
                if (key != exceptKey) failing.Remove(key);
        }
    }

    /// <summary>Counts a failure. True when it is the one that opens the circuit.</summary>
    public bool Failed(string key, Guid jobId)
    {
        lock (gate)
        {
            if (failing.Count >= MostFailing) failing.Clear();
            if (!failing.TryGetValue(key, out var jobs)) failing[key] = jobs = [];
            return jobs.Add(jobId) && jobs.Count == options.Value.CircuitFailures;
        }
    }

    /// <summary>How long the account's circuit stays open, as far as this node knows; null when it is closed.</summary>
    public TimeSpan? OpenFor(string key)
    {
        if (book.CircuitLeft(key) is { } left) return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
        lock (gate) return failing.TryGetValue(key, out var jobs) && jobs.Count >= options.Value.CircuitFailures ? options.Value.CircuitFirst : null;
    }

    /// <param name="again">The probe failed: wait longer.</param>
    public async Task OpenAsync(string key, string reason, Guid batchId, bool again, CancellationToken cancellationToken)
    {
        await ExecuteAsync(OpenSql, cancellationToken, key, options.Value.CircuitFirst, options.Value.CircuitLongest, reason, again);
        await PauseAsync(key, [batchId], cancellationToken);
        await limits.RefreshAsync(cancellationToken);
        // From here on the row says it, to all nodes.
        lock (gate) failing.Remove(key);
        if (!again) Log.CircuitOpened(logger, key, reason);
        signal.Wake();
    }

    public Task PauseAsync(string key, Guid[] batchIds, CancellationToken cancellationToken) =>
        ExecuteAsync(PauseSql, cancellationToken, key, batchIds);

    public async Task CloseAsync(string key, CancellationToken cancellationToken)
    {
        Succeeded([key], exceptKey: null);
        await ExecuteAsync(CloseSql, cancellationToken, key);
        await ResumeAsync(key, cancellationToken);
        await limits.RefreshAsync(cancellationToken);
        Log.CircuitClosed(logger, key);
        signal.Wake();
    }

    /// <summary>Lets go on what waited for the account, unless its circuit is open.</summary>
    public Task ResumeAsync(string key, CancellationToken cancellationToken) => ExecuteAsync(ResumeSql, cancellationToken, key);

    /// <summary>Takes the right to probe; false when it is not time or another node has it.</summary>
    public async Task<bool> MayProbeAsync(string key, CancellationToken cancellationToken) => await ExecuteAsync(ProbeSql, cancellationToken, key) > 0;

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(value is TimeSpan ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.Interval } : new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
