using LeadSens.Server.Api;

namespace LeadSens.Server.Campaigns;

/// <summary>What a user says about a campaign. Numbers are wide, so that one that is out of range is named instead of unreadable.</summary>
/// <param name="Limit">The most leads to buy, 1 to 1,000,000.</param>
/// <param name="Threshold">The lowest score that stays, 1 to 10; 5 when absent.</param>
/// <param name="BudgetUsd">The most that language model calls may cost; no cap when absent.</param>
/// <param name="Targets">Where approved leads go; everywhere that they can when absent.</param>
/// <param name="Workflow">The definition that runs it; <c>campaign</c> when absent.</param>
/// <param name="Start">Whether it starts at once; true when absent.</param>
internal sealed record CampaignRequest(
    string? Name, Icp? Icp, decimal? Limit, decimal? Threshold, decimal? BudgetUsd,
    [property: OneOf(typeof(CampaignTargets), Name = "CampaignTarget")] IReadOnlyList<string?>? Targets,
    string? Workflow, bool? Start);
