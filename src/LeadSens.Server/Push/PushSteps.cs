using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Push;

/// <summary>What follows a request.</summary>
internal abstract record PushStep
{
    public sealed record Answered : PushStep;

    /// <summary>Refused as a whole for what is in it: try smaller ones.</summary>
    public sealed record Split : PushStep;

    public sealed record Stop(JobOutcome<PushResult> Outcome) : PushStep;
}

/// <summary>Sends one request of a push and stores what its answer proves.</summary>
internal sealed class PushSteps(
    ProviderFor<CampaignSender> sender, PushWriter writer, LeadIntents intents, Limits limits, IOptions<IntentOptions> options, TimeProvider time)
{
    public long Now => time.GetTimestamp();

    /// <summary>Before the mark: a wait for the provider's limit between mark and request would eat the time to send.</summary>
    public Reservation Reserve(PushTarget target) => limits.Reserve(target.Account.AccountKey);

    /// <param name="marked">When the leads were about to be marked.</param>
    public async Task<PushStep> SendAsync(PushTarget target, IReadOnlyList<SendingLead> chunk, long marked, CancellationToken cancellationToken)
    {
        if (!await MaySendAsync(target, chunk, marked, cancellationToken)) return Again(target);
        var answer = await OneRequest.SendAsync(
            token => sender.Part.AddLeadsAsync(target.Account, target.ProviderCampaignId, [.. chunk.Select(lead => lead.Lead)], token),
            target.Times.RequestTimeout, time, sender.Name, cancellationToken);
        if (!answer.Succeeded) return await FailedAsync(target, chunk, answer.Failure, cancellationToken);
        await intents.AnsweredAsync(target, chunk, answer.Value, cancellationToken);
        return new PushStep.Answered();
    }

    /// <summary>The last look before the request. A process that stood still since the mark may have lost its right to another writer, and
    /// a request that leaves later than SendWithin after the mark could take effect after that one's look-up.</summary>
    private async Task<bool> MaySendAsync(PushTarget target, IReadOnlyList<SendingLead> chunk, long marked, CancellationToken cancellationToken)
    {
        var isFresh = time.GetElapsedTime(marked) < target.Times.SendWithin / 2;
        if (!isFresh) marked = time.GetTimestamp();
        var holds = isFresh ? await writer.HoldsAsync(target, cancellationToken) : await intents.MarkAgainAsync(target, chunk, cancellationToken);
        return holds && time.GetElapsedTime(marked) <= target.Times.SendWithin;
    }

    private async Task<PushStep> FailedAsync(PushTarget target, IReadOnlyList<SendingLead> chunk, ProviderFailure failure, CancellationToken cancellationToken)
    {
        if (!OneRequest.TookNoEffect(failure))
            return chunk.Max(lead => lead.Attempts) >= options.Value.MaxUnanswered
                ? new PushStep.Stop(failure with { Kind = ProviderFailureKind.Unavailable })
                : Again(target);
        await intents.NotSentAsync(chunk, failure.Message, cancellationToken);
        if (failure.Kind != ProviderFailureKind.Invalid) return new PushStep.Stop(failure);
        if (chunk.Count == 1) await intents.RefuseAsync(target.CampaignId, chunk[0].IntentId, failure.Message, cancellationToken);
        return new PushStep.Split();
    }

    private static PushStep.Stop Again(PushTarget target) => new(new JobOutcome<PushResult>.Again(target.Times.Blind));
}
