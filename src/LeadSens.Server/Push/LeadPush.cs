using LeadSens.Server.Data;
using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;
using LeadSens.Server.Suppressions;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Push;

/// <summary>How a push ended.</summary>
internal sealed record PushResult(int Pushed, int Refused);

/// <summary>Adds a campaign's approved leads, up to 1,000 per request, and reads them back. Each attempt begins with what earlier ones
/// left behind: it waits until their requests have settled, looks up what they did, and only then sends what is still missing.</summary>
internal sealed class LeadPush(
    ProviderFor<CampaignSender> sender, Database database, PushSteps steps, ReadBack readBack, LeadIntents intents, SuppressionKeys keys,
    IOptions<IntentOptions> options)
{
    public async Task<JobOutcome<PushResult>> RunAsync(PushTarget target, CancellationToken cancellationToken)
    {
        var left = await intents.OpenAsync(target.CampaignId, cancellationToken);
        if (left.Sending > 0 && left.Settling > TimeSpan.Zero) return new JobOutcome<PushResult>.Again(left.Settling);
        if (await readBack.RunAsync(target, cancellationToken) is { } failure) return failure;
        await intents.NeverTookEffectAsync(target.CampaignId, cancellationToken);

        var (sent, stopped) = await SendAllAsync(target, cancellationToken);
        if (stopped is not null) return stopped;
        if (sent && await readBack.RunAsync(target, cancellationToken) is { } unread) return unread;
        return await FinishAsync(target, cancellationToken);
    }

    private async Task<(bool Sent, JobOutcome<PushResult>? Stopped)> SendAllAsync(PushTarget target, CancellationToken cancellationToken)
    {
        var key = await keys.OfAsync(target.WorkspaceId, cancellationToken);
        var (after, size, sent) = (Guid.Empty, sender.Part.MostLeadsPerCall, false);
        while (true)
        {
            using var allowance = steps.Reserve(target);
            await allowance.WaitAsync(cancellationToken);
            var marked = steps.Now;
            if (await PushChunk.MarkAsync(database, target, after, size, key, cancellationToken) is not { } chunk) return (sent, await StoppedAsync(target, cancellationToken));
            if (chunk.Picked == 0) return (sent, null);
            after = chunk.Last;
            if (chunk.Sending.Count == 0) continue;
            var step = await steps.SendAsync(target, chunk.Sending, marked, cancellationToken);
            if (step is PushStep.Stop stop) return (sent, stop.Outcome);
            // One lead that the provider cannot read must not hold up the others: halve until it stands alone.
            if (step is PushStep.Split) (after, size) = (Guid.Empty, Math.Max(1, chunk.Sending.Count / 2));
            else (sent, size) = (true, Math.Min(sender.Part.MostLeadsPerCall, size * 2));
        }
    }

    /// <summary>The campaign is cancelled (then what is under way is still reconciled) or paused, or another writer took over.</summary>
    private async Task<JobOutcome<PushResult>?> StoppedAsync(PushTarget target, CancellationToken cancellationToken)
    {
        var open = await intents.OpenAsync(target.CampaignId, cancellationToken);
        return open.Cancelled ? null : new JobOutcome<PushResult>.Again(target.Times.SettleTime);
    }

    private async Task<JobOutcome<PushResult>> FinishAsync(PushTarget target, CancellationToken cancellationToken)
    {
        await intents.RefuseAsync(target.CampaignId, null, $"{sender.Title} did not take it.", cancellationToken);
        var open = await intents.OpenAsync(target.CampaignId, cancellationToken);
        if (open.Sending + open.Sent > 0)
            return open.Settling > TimeSpan.Zero
                ? new JobOutcome<PushResult>.Again(open.Settling < options.Value.ReadBackEvery ? open.Settling : options.Value.ReadBackEvery)
                : new ProviderFailure(
                    ProviderFailureKind.Unavailable, sender.Name, $"{sender.Title} confirmed {open.Unread} leads that its campaign does not show.");
        var (pushed, refused) = await intents.CountAsync(target.CampaignId, cancellationToken);
        return new PushResult(pushed, refused);
    }
}
