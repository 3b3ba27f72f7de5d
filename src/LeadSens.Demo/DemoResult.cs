using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Demo;

/// <summary>How a run ended.</summary>
/// <param name="DuplicateWrites">What the Sandbox saw twice though it must happen once.</param>
internal sealed record DemoResult(CampaignView Campaign, long DuplicateWrites, IReadOnlyList<JsonElement> Receipts)
{
    private static readonly string[] LeadCounts =
        ["counted", "sourced", "duplicates", "scored", "qualified", "enriched", "verified", "drafted", "approved", "pushed", "synced", "failed"];

    /// <summary>What does not add up; empty when every approved lead has exactly one receipt or a refusal.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Campaign.Status != "Completed") faults.Add($"the campaign ended as {Campaign.Status}{(Campaign.Fault is { } fault ? $": {fault}" : "")}");
        var leads = Receipts.Where(receipt => receipt.TryGetProperty("leadId", out var lead) && lead.ValueKind == JsonValueKind.String)
            .Select(receipt => receipt.GetProperty("leadId").GetGuid()).ToList();
        if (leads.Count != leads.Distinct().Count()) faults.Add("a lead has more than one receipt");
        if (leads.Distinct().Count() + Campaign.Push("refused") != Campaign.Count("approved"))
            faults.Add($"{Campaign.Count("approved")} approved leads have {leads.Count} receipts and {Campaign.Push("refused")} refusals");
        if (DuplicateWrites != 0) faults.Add($"{DuplicateWrites} writes took effect more than once");
        return faults;
    }

    public JsonObject ToJson() => new()
    {
        ["campaignId"] = Campaign.Id,
        ["leads"] = new JsonObject(LeadCounts.Select(name => KeyValuePair.Create(name, (JsonNode?)Campaign.Count(name)))),
        ["pushes"] = new JsonObject
        {
            ["intents"] = Campaign.Push("intents"),
            ["receipts"] = Campaign.Push("receipts"),
            ["refused"] = Campaign.Push("refused"),
            ["duplicateWrites"] = DuplicateWrites,
        },
        ["cost"] = Campaign.Cost.DeepClone(),
        ["seconds"] = Campaign.Seconds.DeepClone(),
    };

    public string ToSummary() =>
        $"""

        {Campaign.Count("sourced")} sourced, {Campaign.Count("duplicates")} duplicates, {Campaign.Count("qualified")} of {Campaign.Count("scored")} qualified, {Campaign.Count("verified")} verified, {Campaign.Count("drafted")} drafted
        {Campaign.Count("approved")} approved = {Campaign.Count("pushed")} pushed + {Campaign.Push("refused")} refused, {Campaign.Push("receipts")} receipts, {DuplicateWrites} duplicate writes
        {Campaign.Cost["calls"]} model calls for {Campaign.Cost["usd"]} USD, {Campaign.Seconds["total"]} seconds
        """;
}
