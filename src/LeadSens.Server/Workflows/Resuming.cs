using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows;

/// <summary>What became of a resumption: it reached a wait; it was a repetition of one that did; nothing waits (any more); there is no such wait.</summary>
internal enum ResumeOutcome { Delivered, Repeated, Over, Unknown }

/// <summary>Resumes runs for somebody outside, in the workspace that they may see. What it answers is durable.</summary>
internal sealed class Resuming(Database database, WorkflowStore store, WorkflowRunner runner, WorkflowSignal signal)
{
    /// <summary>Resumes one wait of one run, once.</summary>
    /// <param name="now">True to run the instance on before the answer, unless another node is quicker.</param>
    public async Task<ResumeOutcome> BookmarkAsync(Guid bookmarkId, Guid instanceId, string dedupeKey, JsonNode? payload, bool now, CancellationToken cancellationToken)
    {
        var text = await database.FirstAsync(
            "select workflow_resume($1, $2, $3, $4, $5::text)", row => row.Text(0), cancellationToken, Guid.CreateVersion7(), bookmarkId, instanceId, dedupeKey, payload?.ToJsonString());
        var outcome = text is null ? ResumeOutcome.Unknown : Enum.Parse<ResumeOutcome>(text);
        if (outcome == ResumeOutcome.Delivered) await RunAsync([instanceId], now, cancellationToken);
        return outcome;
    }

    /// <summary>Sends a stimulus.</summary>
    /// <param name="mustReach">True to take it back when nothing waits for it, so that it may be sent again later.</param>
    public async Task<ResumeOutcome> SendAsync(Stimulus stimulus, bool mustReach, bool now, CancellationToken cancellationToken)
    {
        var (outcome, reached) = await SendAsync(stimulus, mustReach, cancellationToken);
        if (reached is not null) await RunAsync(reached, now, cancellationToken);
        return outcome;
    }

    /// <summary>Answers the runs that it reached; null when it was not sent.</summary>
    private async Task<(ResumeOutcome Outcome, IReadOnlyList<Guid>? Reached)> SendAsync(Stimulus stimulus, bool mustReach, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isNew = await Stimuli.SendAsync(connection, [stimulus], cancellationToken) == 1;
        var (id, status) = await connection.FirstAsync(
            "select id, status from stimuli where dedupe_key = $1", row => (row.GetGuid(0), row.GetString(1)), cancellationToken, stimulus.DedupeKey);
        if (isNew && mustReach && status == "Closed") return (ResumeOutcome.Over, null);
        var reached = isNew ? await connection.ListAsync("select instance_id from workflow_resumptions where stimulus_id = $1", row => row.GetGuid(0), cancellationToken, id) : null;
        await transaction.CommitAsync(cancellationToken);
        return (isNew ? status == "Closed" ? ResumeOutcome.Over : ResumeOutcome.Delivered : ResumeOutcome.Repeated, reached);
    }

    private async Task RunAsync(IReadOnlyList<Guid> instances, bool now, CancellationToken cancellationToken)
    {
        foreach (var instance in now ? instances.Distinct() : [])
        {
            try
            {
                if (await store.AcquireAsync(instance, cancellationToken) is { } leased) await runner.RunAsync(leased, cancellationToken);
            }
            catch (Exception)
            {
                // It is durable: the host goes on with it, also when the caller went away.
            }
        }
        signal.Wake();
    }
}
