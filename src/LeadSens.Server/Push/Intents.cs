using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Push;

/// <summary>The one mechanism for every call that may not be repeated: unique row, look-up at the provider, write, read-back, receipt.
/// Running an intent again after any interruption is safe; a call that took effect is found and receipted, never made twice.</summary>
internal sealed class Intents(IntentRows rows, Receipts receipts, Limits limits, IOptions<IntentOptions> options, TimeProvider time)
{
    /// <summary>Opens the intent (same account, kind and subject: same intent) and takes it as far as it goes without waiting.</summary>
    public async Task<IntentOutcome> RunAsync(IntentRequest request, IntentCall call, CancellationToken cancellationToken)
    {
        var intent = await rows.OpenAsync(request, cancellationToken);
        return intent.State switch
        {
            IntentState.Done => new IntentOutcome.Done(intent.Id, intent.ProviderId!),
            IntentState.Sent => await ConfirmAsync(intent, call, cancellationToken),
            IntentState.Sending when intent.Settling > TimeSpan.Zero => new IntentOutcome.Waiting(intent.Settling),
            _ => await LookUpThenWriteAsync(intent, call, cancellationToken),
        };
    }

    private async Task<IntentOutcome> LookUpThenWriteAsync(Intent intent, IntentCall call, CancellationToken cancellationToken)
    {
        var seen = await call.LookUpAsync(intent, cancellationToken);
        if (!seen.Succeeded) return new IntentOutcome.Failed(seen.Failure);
        return seen.Value.ProviderId is { } providerId
            ? await CompleteAsync(intent, providerId, cancellationToken)
            : await WriteAsync(intent, call, cancellationToken);
    }

    private async Task<IntentOutcome> WriteAsync(Intent intent, IntentCall call, CancellationToken cancellationToken)
    {
        var times = options.Value.For(intent.Account);
        using var allowance = limits.Reserve(intent.Account);
        await allowance.WaitAsync(cancellationToken);
        var marked = time.GetTimestamp();
        if (!await rows.SendingAsync(intent, times.Blind, cancellationToken)) return await NotSentAsync(intent, times, cancellationToken);
        // A process that stood still between the mark and here no longer knows whether another one looked and sent meanwhile.
        if (time.GetElapsedTime(marked) > times.SendWithin) return new IntentOutcome.Waiting(times.Blind);

        var answer = await OneRequest.SendAsync(token => call.WriteAsync(intent, token), times.RequestTimeout, time, intent.Account, cancellationToken);
        if (answer.Succeeded)
        {
            await rows.SentAsync(intent.Id, answer.Value, times.SettleTime, cancellationToken);
            return await ConfirmAsync(await rows.ReadAsync(intent.Id, cancellationToken), call, cancellationToken);
        }
        if (OneRequest.TookNoEffect(answer.Failure))
        {
            await rows.PlannedAsync(intent, answer.Failure.Message, cancellationToken);
            return new IntentOutcome.Failed(answer.Failure);
        }
        return intent.Attempts + 1 >= options.Value.MaxUnanswered
            ? new IntentOutcome.Failed(answer.Failure with { Kind = ProviderFailureKind.Unavailable })
            : new IntentOutcome.Waiting(times.Blind);
    }

    private async Task<IntentOutcome> NotSentAsync(Intent intent, IntentTimes times, CancellationToken cancellationToken) =>
        await rows.IsCancelledAsync(intent.CampaignId, cancellationToken) ? new IntentOutcome.Cancelled() : new IntentOutcome.Waiting(times.SettleTime);

    private async Task<IntentOutcome> ConfirmAsync(Intent intent, IntentCall call, CancellationToken cancellationToken)
    {
        var seen = await call.ReadBackAsync(intent, intent.ProviderId!, cancellationToken);
        if (!seen.Succeeded) return new IntentOutcome.Failed(seen.Failure);
        if (seen.Value.ProviderId is { } providerId) return await CompleteAsync(intent, providerId, cancellationToken);
        return intent.Settling > TimeSpan.Zero
            ? new IntentOutcome.Waiting(options.Value.ReadBackEvery)
            : new IntentOutcome.Failed(new(ProviderFailureKind.Unavailable, intent.Account, $"{intent.Kind} was confirmed but does not show."));
    }

    private async Task<IntentOutcome> CompleteAsync(Intent intent, string providerId, CancellationToken cancellationToken)
    {
        await receipts.CompleteAsync(intent.Id, providerId, cancellationToken);
        return new IntentOutcome.Done(intent.Id, providerId);
    }
}
