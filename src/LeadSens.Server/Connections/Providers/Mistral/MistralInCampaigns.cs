using LeadSens.Server.Campaigns;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Scores each lead; of each that qualifies it summarises the company and writes three mails.</summary>
internal sealed class MistralInCampaigns : CampaignUse
{
    public override long CallsOf(CampaignSize size) => size.Leads + (4 * size.Qualified);
}
