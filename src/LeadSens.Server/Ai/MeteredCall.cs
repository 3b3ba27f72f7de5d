using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>A call under way; it ends once, one way or the other.</summary>
/// <param name="most">What was set aside for it.</param>
internal sealed class MeteredCall(ModelMeter meter, AskedModel asked, decimal most, long started)
{
    public void Answered(UsageDetails? usage, string? model, string outcome)
    {
        var cost = meter.Record(asked, TokensOf(usage), model, started, outcome);
        asked.Call.Budget?.Settle(most, cost);
    }

    /// <summary>What it cost nobody says: a failed call keeps what was set aside for it until the job has ended.</summary>
    public void Failed(ProviderFailure failure) => meter.Record(asked, default, null, started, failure.Kind.ToString());

    /// <summary>An answer that does not say what it took, or says what cannot be, counts as the most that it can have taken.</summary>
    private (int In, int Out) TokensOf(UsageDetails? usage)
    {
        var longest = asked.Options.MaxOutputTokens!.Value;
        return usage is { InputTokenCount: { } sent and > 0 and <= int.MaxValue }
            ? ((int)sent, usage.OutputTokenCount is { } written and >= 0 and <= int.MaxValue ? (int)written : longest)
            : ((int)Math.Min(PromptSize.Of(asked.Messages, asked.Options), int.MaxValue), longest);
    }
}

/// <summary>Who was asked what.</summary>
internal sealed record AskedModel(ModelCall Call, string Provider, ChatMessage[] Messages, ChatOptions Options);
