using LeadSens.Server.Api;

namespace LeadSens.Server.Campaigns;

/// <summary>A campaign's figures, for whoever watches many. What it waits for, in words, is in the campaign itself.</summary>
internal sealed record CampaignChange([property: OneOf(typeof(CampaignStatus))] string Status, LeadFigures Leads, PushFigures Pushes, CostFigures Cost);
