using LeadSens.Server.Api;
using LeadSens.Server.Connections;

namespace LeadSens.Server.Webhooks;

/// <summary>Who may tell us things.</summary>
internal sealed class WebhookProviders(ProviderRegistry providers) : KnownWords
{
    public override IReadOnlyList<string> All => [.. providers.Declaring<ProviderWebhook>().Select(one => one.Provider.Name)];
}
