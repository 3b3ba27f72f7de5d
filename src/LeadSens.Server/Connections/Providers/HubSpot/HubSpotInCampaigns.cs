using LeadSens.Server.Campaigns;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>Says whom a workspace knows already, and takes the pushed leads as contacts; a hundred at a time.</summary>
internal sealed class HubSpotInCampaigns : CampaignUse
{
    private const int PerCall = 100;

    public override bool IsTarget => true;

    public override long CallsOf(CampaignSize size) =>
        CampaignSize.Parts(size.Leads, PerCall) + (size.Targets.Contains(HubSpotOptions.Name) ? CampaignSize.Parts(size.Qualified, PerCall) : 0);
}
