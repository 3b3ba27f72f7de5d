using System.Text.Json.Nodes;

namespace LeadSens.Demo;

/// <summary>A campaign as <c>GET /api/campaigns/{id}</c> shows it; the parts keep whatever the Server sends.</summary>
internal sealed record CampaignView(
    Guid Id, string Status, string? WaitsFor, string? Fault, Dictionary<string, long> Leads, Dictionary<string, long> Pushes, JsonObject Cost, JsonObject Seconds)
{
    public bool Ended => Status is "Completed" or "Cancelled" or "Faulted";

    public long Count(string name) => Leads.GetValueOrDefault(name);

    public long Push(string name) => Pushes.GetValueOrDefault(name);
}

/// <summary>One entry of <c>GET /api/approvals</c>.</summary>
internal sealed record ApprovalView(Guid Id, string Status, string ContentHash, int Leads);

internal sealed record PageOf<T>(IReadOnlyList<T> Items, string? NextCursor);
