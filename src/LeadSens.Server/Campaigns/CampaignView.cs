using LeadSens.Server.Api;

namespace LeadSens.Server.Campaigns;

/// <summary>A campaign as the API shows it.</summary>
/// <param name="WaitsFor">What the run stops at, in words: an approval, a provider that is down or refuses, a used-up budget, a box that waits for a time or an event; null while it works and when it has ended.</param>
/// <param name="Fault">Why the run stopped; null unless it faulted.</param>
/// <param name="Seconds"><c>total</c> and the time of each stage so far.</param>
internal sealed record CampaignView(
    Guid Id, string Name, [property: OneOf(typeof(CampaignStatus))] string Status, string? WaitsFor, string? Fault, Guid? WorkflowInstanceId, string Workflow, Icp Icp, int Limit, int Threshold,
    decimal? BudgetUsd, [property: OneOf(typeof(CampaignTargets), Name = "CampaignTarget")] IReadOnlyList<string> Targets, LeadFigures Leads,
    PushFigures Pushes, CostFigures Cost, IReadOnlyDictionary<string, double> Seconds,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

/// <summary>A campaign in a list.</summary>
internal sealed record CampaignSummary(
    Guid Id, string Name, [property: OneOf(typeof(CampaignStatus))] string Status, string? WaitsFor, int Limit, int Threshold, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
