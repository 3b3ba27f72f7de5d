extern alias Demo;

using System.Text.Json.Nodes;
using Demo::LeadSens.Demo;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>What the providers do wrong while Servers die.</summary>
internal static class Misfortune
{
    private const int Latency = 30;
    private const double ServerErrors = 0.05;
    private static readonly string[] Vendors = ["instantly", "hubspot", "mistral", "jina"];

    /// <summary>The times in which an unanswered write may still take effect, scaled to a Sandbox on this machine.</summary>
    public static Dictionary<string, string?> Patience() => new()
    {
        ["Intents__SandboxRequestTimeout"] = "00:00:01",
        ["Intents__SandboxSettleTime"] = "00:00:01",
        ["Intents__SendWithin"] = "00:00:00.500",
    };

    public static async Task BeginAsync(SandboxControl sandbox)
    {
        await sandbox.PutAsync("latency", new JsonArray(new JsonObject { ["ms"] = Latency, ["jitterMs"] = Latency }), CancellationToken.None);
        var rules = new JsonArray(
            Instantly("acceptThenDrop", "/api/v2/campaigns", 0.4), Instantly("acceptLate", "/api/v2/campaigns", 0.3, 400),
            Instantly("acceptThenDrop", "/api/v2/leads/add", 0.4), Instantly("acceptLate", "/api/v2/leads/add", 0.3, 400),
            Instantly("acceptThenDrop", "/api/v2/supersearch-enrichment/enrich", 0.5),
            Instantly("readLag", "/api/v2/", 1, 300), Instantly("ignoreSkipFlags", "/api/v2/leads/add", 1));
        foreach (var vendor in Vendors)
            rules.Add((JsonNode)new JsonObject { ["vendor"] = vendor, ["mode"] = "status", ["status"] = 500, ["rate"] = ServerErrors });
        await sandbox.PutAsync("faults", rules, CancellationToken.None);
    }

    private static JsonObject Instantly(string mode, string prefix, double rate, int? delay = null) =>
        new() { ["vendor"] = "instantly", ["pathPrefix"] = prefix, ["mode"] = mode, ["rate"] = rate, ["delayMs"] = delay };
}
