using Microsoft.Extensions.Options;

namespace LeadSens.Server.Ai;

/// <summary>What calls cost.</summary>
internal sealed class ModelPrices(IOptions<AiOptions> ai)
{
    private readonly AiOptions options = ai.Value;
    private const decimal Million = 1_000_000m;

    /// <summary>The vendor's list of 21 August 2026, in USD for a million tokens in and out.</summary>
    public static Dictionary<string, ModelPrice> Published()
    {
        var prices = new Dictionary<string, ModelPrice>(StringComparer.OrdinalIgnoreCase);
        Add(0.15m, 0.60m, "mistral-small-latest", "mistral-small-2603");
        Add(1.50m, 7.50m, "mistral-medium-latest", "mistral-medium-3-5");
        Add(0.50m, 1.50m, "mistral-large-latest", "mistral-large-2512");
        Add(0.10m, 0.10m, "ministral-3b-latest", "ministral-3b-2512");
        Add(0.15m, 0.15m, "ministral-8b-latest", "ministral-8b-2512");
        Add(0.20m, 0.20m, "ministral-14b-latest", "ministral-14b-2512");
        Add(0.30m, 0.90m, "codestral-latest", "codestral-2508");
        return prices;

        void Add(decimal input, decimal output, params ReadOnlySpan<string> models)
        {
            foreach (var model in models) prices[model] = new() { InputPerMillion = input, OutputPerMillion = output };
        }
    }

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
