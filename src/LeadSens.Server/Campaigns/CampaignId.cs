namespace LeadSens.Server.Campaigns;

/// <summary>The request of what is asked about one campaign, or done to it.</summary>
internal sealed record CampaignId(Guid Id);
