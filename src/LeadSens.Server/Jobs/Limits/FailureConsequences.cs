using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>A provider refused the account that a workspace's job called with.</summary>
internal delegate Task OnAccountRefused(Guid workspaceId, string provider, CancellationToken cancellationToken);

/// <summary>What one job's failure means for the others: a penalty, an open circuit, a paused batch.</summary>
internal sealed class FailureConsequences(
    SystemDatabase database, Limits limits, AccountHealth health, IEnumerable<OnAccountRefused> refusals, ILogger<FailureConsequences> logger)
{
    private const string PauseSql = """
        update batches set paused_reason = $2, paused_detail = $3, paused_key = $4::text, paused_until = null
        where id = $1 and is_open and (paused_reason is null or paused_reason = 'circuit_open')
        """;

    /// <param name="probe">The account that this job probed.</param>
    public async Task DrawAsync(string key, ProviderFailure failure, RunningJob running, string? probe, CancellationToken cancellationToken)
    {
        if (RetryPolicy.IsOutage(failure.Kind))
        {
            if (probe == key) await health.OpenAsync(key, failure.Message, running.Job.BatchId, again: true, cancellationToken);
            else if (health.OpenFor(key) is not null) await health.OpenAsync(key, failure.Message, running.Job.BatchId, again: false, cancellationToken);
            return;
        }

        if (probe is not null) await health.CloseAsync(probe, cancellationToken);
        if (failure.Kind == ProviderFailureKind.RateLimited)
            await limits.PenaliseAsync(key, failure.RetryAfter ?? RetryPolicy.RateLimitedWait, cancellationToken);
        if (RetryPolicy.PausesBatch(failure) is { } reason) await PauseAsync(running.Job.BatchId, reason, failure.Message, cancellationToken, failure.Provider);
        // Somebody looks whether the connection still holds; after the pause, so that nothing that was connected meanwhile is overlooked.
        if (failure.Kind != ProviderFailureKind.Unauthorized) return;
        foreach (var refused in refusals) await refused(running.Job.WorkspaceId, failure.Provider, cancellationToken);
    }

    /// <param name="provider">Whose account the batch waits for.</param>
    public async Task PauseAsync(Guid batchId, string reason, string detail, CancellationToken cancellationToken, string? provider = null)
    {
        await using var command = database.CreateCommand(PauseSql);
        command.Parameters.Add(new() { Value = batchId });
        command.Parameters.Add(new() { Value = reason });
        command.Parameters.Add(new() { Value = detail });
        command.Parameters.Add(new() { Value = (object?)provider ?? DBNull.Value });
        if (await command.ExecuteNonQueryAsync(cancellationToken) > 0) Log.BatchPaused(logger, batchId, reason);
    }
}
