using LeadSens.Server.Ai;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.Mistral;

internal sealed class MistralModels(MistralHttp mistral, IOptions<MistralOptions> options) : LanguageModels
{
    private const string Small = "mistral-small-latest", Large = "mistral-large-latest";

    public override int? DraftConcurrency => options.Value.IsConfigured ? options.Value.DraftConcurrency : null;

    public override IChatClient ClientOf(ProviderAccount account) => new MistralChatClient(mistral, account);

    /// <summary>What does which work where nothing else is set: a small model scores and summarises, a large one drafts and chats. And the vendor's list of
    /// prices of 21 August 2026, in USD for a million tokens in and out.</summary>
    public static void AddDefaults(AiOptions options)
    {
        foreach (var purpose in (string[])["score", "summary"]) options.Purposes[purpose].Model = Small;
        foreach (var purpose in (string[])["draft", "chat"]) options.Purposes[purpose].Model = Large;
        Add(0.15m, 0.60m, Small, "mistral-small-2603");
        Add(1.50m, 7.50m, "mistral-medium-latest", "mistral-medium-3-5");
        Add(0.50m, 1.50m, Large, "mistral-large-2512");
        Add(0.10m, 0.10m, "ministral-3b-latest", "ministral-3b-2512");
        Add(0.15m, 0.15m, "ministral-8b-latest", "ministral-8b-2512");
        Add(0.20m, 0.20m, "ministral-14b-latest", "ministral-14b-2512");
        Add(0.30m, 0.90m, "codestral-latest", "codestral-2508");

        void Add(decimal input, decimal output, params ReadOnlySpan<string> models)
        {
            foreach (var model in models) options.Prices[model] = new() { InputPerMillion = input, OutputPerMillion = output };
        }
    }
}
