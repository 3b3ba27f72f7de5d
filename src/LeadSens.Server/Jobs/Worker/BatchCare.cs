using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>What a batch needs before jobs are claimed from it.</summary>
internal sealed class BatchCare(SystemDatabase database, LimitBook book, AccountHealth health, JobControl control)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    /// <param name="Probe">One of its jobs is to find out whether this account is back.</param>
    /// <param name="Wait">When to ask again.</param>
    /// <param name="Changed">The batch is not any more what the look saw.</param>
    internal readonly record struct Verdict(bool MayClaim, string? Probe = null, TimeSpan? Wait = null, bool Changed = false);

    public async ValueTask<Verdict> LookAfterAsync(OpenBatch batch, KindRunner runner, CancellationToken cancellationToken)
    {
        if (batch.IsCancelled && !(batch.State == "Cancelled" && runner.FinishesAfterCancel)) return await CancelAsync(batch, cancellationToken);
        if (batch.WaitsForCircuit) return await ProbeAsync(batch, batch.PausedKey!, cancellationToken);
        if (batch.IsPaused) return new(false);
        foreach (var cost in batch.Costs!)
        {
            if (book.CircuitLeft(cost.Key) is not null)
            {
                await health.PauseAsync(cost.Key, [batch.Id], cancellationToken);
                return new(false, Wait: Soon, Changed: true);
            }

            if (health.OpenFor(cost.Key) is not null) return new(false, Wait: Soon);
        }

        return new(true);
    }

    /// <summary>The batch was opened, or its job put back, while the campaign was being cancelled.</summary>
    private async Task<Verdict> CancelAsync(OpenBatch batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (batch.CampaignId is { } campaign) await control.CancelAsync(connection, batch.WorkspaceId, campaign, cancellationToken);
        return new(false, Changed: true);
    }

    private async Task<Verdict> ProbeAsync(OpenBatch batch, string key, CancellationToken cancellationToken)
    {
        if (book.CircuitLeft(key) is not { } left)
        {
            await health.ResumeAsync(key, cancellationToken);
            return new(false, Wait: Soon, Changed: true);
        }

        if (left > TimeSpan.Zero) return new(false, Wait: left);
        return await health.MayProbeAsync(key, cancellationToken) ? new(false, Probe: key) : new(false, Wait: Soon);
    }
}
