using LeadSens.Server.Campaigns;

namespace LeadSens.Server.Connections.Providers.Jina;

/// <summary>Reads the website of each lead that qualifies.</summary>
internal sealed class JinaInCampaigns : CampaignUse
{
    public override long CallsOf(CampaignSize size) => size.Qualified;
}
