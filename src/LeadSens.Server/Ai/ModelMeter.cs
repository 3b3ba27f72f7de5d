using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>Sets aside what calls of language models may cost, and records what they did cost.</summary>
internal sealed class ModelMeter(ModelPrices prices, AiEventWriter events, TimeProvider clock)
{
    /// <summary>Sets aside the most that the call can cost; a budget is a hard cap.</summary>
    /// <param name="options">With a model and a longest answer.</param>
    /// <exception cref="ProviderFailureException">The budget does not cover the call.</exception>
    public async ValueTask<MeteredCall> BeginAsync(
        ModelCall call, string provider, ChatMessage[] messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var most = call.Budget is null ? 0 : prices.MostOf(options.ModelId!, PromptSize.Of(messages, options), options.MaxOutputTokens!.Value);
        if (call.Budget is { } budget && await budget.TakeAsync(most, cancellationToken) is { } tooDear) throw new ProviderFailureException(tooDear);
        return new(this, new(call, provider, messages, options), most, clock.GetTimestamp());
    }

    /// <returns>What the call cost.</returns>
    public decimal Record(AskedModel asked, (int In, int Out) tokens, string? answered, long started, string outcome)
    {
        var (call, model) = (asked.Call, asked.Options.ModelId!);
        var cost = prices.Cost(model, answered, tokens.In, tokens.Out);
        events.Add(new(
            Guid.CreateVersion7(), call.WorkspaceId, call.CampaignId, call.LeadId, call.Purpose, asked.Provider,
            answered ?? model, call.PromptVersion, tokens.In, tokens.Out, cost,
            (int)clock.GetElapsedTime(started).TotalMilliseconds, outcome, clock.GetUtcNow()));
        return cost;
    }
}
