using LeadSens.Server.Connections;

namespace LeadSens.Server.Webhooks;

/// <summary>Who may tell us things, and how they show that it is them.</summary>
internal static class WebhookProviders
{
    /// <summary>Instantly signs nothing: it sends the headers that it was given, so one of them is a secret.</summary>
    public const string InstantlyHeader = "X-LeadSens-Webhook-Secret";

    public static readonly IReadOnlyList<string> All = [ProviderNames.Instantly, ProviderNames.HubSpot];
}
