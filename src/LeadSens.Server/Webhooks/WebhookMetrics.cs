using System.Diagnostics.Metrics;

namespace LeadSens.Server.Webhooks;

/// <summary>Calls that were kept, came before, or were refused: somebody who guesses shows here, and nowhere else.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    public const string MeterName = "LeadSens.Webhooks";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> events, refused;

    public WebhookMetrics()
    {
        events = meter.CreateCounter<long>("leadsens.webhooks.events", description: "Events that were kept");
        refused = meter.CreateCounter<long>("leadsens.webhooks.refused", description: "Calls without a valid signature or secret");
    }

    public void Kept(string provider, int count) => events.Add(count, new KeyValuePair<string, object?>("provider", provider));

    public void Refused(string provider) => refused.Add(1, new KeyValuePair<string, object?>("provider", provider));

    public void Dispose() => meter.Dispose();
}
