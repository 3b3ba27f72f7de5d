using LeadSens.Server.Campaigns;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Sells the leads and sends the mails.</summary>
internal sealed class InstantlyInCampaigns : CampaignUse
{
    public override bool IsTarget => true;

    /// <summary>Count, buy, poll and read the list back; create the campaign, add the leads, read them back, activate.</summary>
    public override long CallsOf(CampaignSize size) => 3 + CampaignSize.Parts(size.Leads, InstantlyClient.PageSize) + 1
        + (size.Targets.Contains(InstantlyOptions.Name)
            ? 3 + CampaignSize.Parts(size.Qualified, InstantlyClient.MaxLeadsPerCall) + CampaignSize.Parts(size.Qualified, InstantlyClient.PageSize) : 0);
}
