using System.Diagnostics;
using OpenTelemetry;

namespace LeadSens.Server.Operations;

/// <summary>Takes what looks like a secret out of the addresses that a span names, before it is exported: those of links to us, and those that we call.</summary>
internal sealed class SafeTraces : BaseProcessor<Activity>
{
    private static readonly string[] Addresses = ["url.full", "url.path", "url.query", "http.url", "http.target"];

    public override void OnEnd(Activity data) => Clean(data);

    public static void Clean(Activity span)
    {
        foreach (var name in Addresses)
            if (span.GetTagItem(name) is string address) span.SetTag(name, name == "url.query" ? "***" : SafePath.Of(address));
    }
}
