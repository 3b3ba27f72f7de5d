using Microsoft.Extensions.Options;

namespace LeadSens.Server.Ai;

/// <summary>What calls cost.</summary>
internal sealed class ModelPrices(IOptions<AiOptions> ai)
{
    private readonly AiOptions options = ai.Value;
    private const decimal Million = 1_000_000m;

    /// <summary>What an answer cost, by the model that answered where its price is known, else by the one that was asked.</summary>
    public decimal Cost(string asked, string? answered, long tokensIn, long tokensOut)
    {
        var price = answered is not null && options.Prices.TryGetValue(answered, out var known) ? known : Of(asked);
        return (tokensIn * price.InputPerMillion + tokensOut * price.OutputPerMillion) / Million;
    }

    /// <summary>The most that one call can cost. No tokenizer makes more tokens than bytes, so the bound holds whatever the text is.</summary>
    /// <param name="promptBytes">The bytes of everything that is sent, in UTF-8.</param>
    public decimal MostOf(string model, long promptBytes, int maxTokens) => Cost(model, null, promptBytes, maxTokens);

    /// <summary>The most that one call for this purpose costs when what is sent has at most so many bytes.</summary>
    public decimal MostFor(string purpose, long promptBytes, int maxTokens) => MostOf(options.For(purpose).Model, promptBytes, maxTokens);

    /// <summary>An unknown model counts as the dearest one: a budget is a hard cap.</summary>
    private ModelPrice Of(string model) =>
        options.Prices.TryGetValue(model, out var price) ? price : options.Prices.Values.MaxBy(p => p.OutputPerMillion) ?? new ModelPrice();
}
