using LeadSens.Server.Push;

namespace LeadSens.Server.Connections.Providers.Instantly;

internal sealed class InstantlySender(InstantlyClient instantly) : CampaignSender
{
    public override int MostLeadsPerCall => InstantlyClient.MaxLeadsPerCall;

    public override async Task<ProviderResult<string>> CreateAsync(
        ProviderAccount account, string name, IReadOnlyList<SenderStep> steps, CancellationToken cancellationToken)
    {
        var created = await instantly.CreateCampaignAsync(account, new(name, [.. steps.Select(Step)]), cancellationToken);
        return created.Succeeded ? created.Value.Id : created.Failure;
    }

    public override async Task<ProviderResult<ProviderPage<SenderCampaign>>> ListAsync(
        ProviderAccount account, string search, string? after, CancellationToken cancellationToken)
    {
        var page = await instantly.ListCampaignsAsync(account, search, after, cancellationToken);
        return page.Succeeded ? page.Value.AsPage(Campaign) : page.Failure;
    }

    public override async Task<ProviderResult<SenderCampaign>> GetAsync(ProviderAccount account, string campaignId, CancellationToken cancellationToken)
    {
        var campaign = await instantly.GetCampaignAsync(account, campaignId, cancellationToken);
        return campaign.Succeeded ? Campaign(campaign.Value) : campaign.Failure;
    }

    public override async Task<ProviderResult<string>> ActivateAsync(ProviderAccount account, string campaignId, CancellationToken cancellationToken)
    {
        var activated = await instantly.ActivateAsync(account, campaignId, cancellationToken);
        return activated.Succeeded ? activated.Value.Id : activated.Failure;
    }

    public override async Task<ProviderResult<AddedLeads>> AddLeadsAsync(
        ProviderAccount account, string campaignId, IReadOnlyList<OutgoingLead> leads, CancellationToken cancellationToken)
    {
        var answer = await instantly.AddLeadsAsync(account, campaignId, [.. leads.Select(Lead)], cancellationToken);
        return answer.Succeeded ? new AddedLeads([.. answer.Value.CreatedLeads.Select(lead => new SentLead(lead.Id, lead.Email))], Refusal.Of(answer.Value))
            : answer.Failure;
    }

    public override async Task<ProviderResult<ProviderPage<SentLead>>> ListLeadsAsync(
        ProviderAccount account, string campaignId, string? after, CancellationToken cancellationToken)
    {
        var page = await instantly.ListLeadsAsync(account, LeadScope.OfCampaign(campaignId), after, cancellationToken);
        return page.Succeeded ? page.Value.AsPage(lead => new SentLead(lead.Id, lead.Email)) : page.Failure;
    }

    private static InstantlyStep Step(SenderStep step) => new($"{{{{subject_{step.Number}}}}}", $"{{{{body_{step.Number}}}}}", step.DaysToNext);

    /// <summary>Every state but draft: an active campaign may be paused or completed by the time somebody looks.</summary>
    private static SenderCampaign Campaign(InstantlyCampaign campaign) => new(campaign.Id, campaign.Name, campaign.Status is { } status and not 0);

    private static InstantlyNewLead Lead(OutgoingLead lead) => new(lead.Email)
    {
        FirstName = lead.FirstName,
        LastName = lead.LastName,
        CompanyName = lead.CompanyName,
        JobTitle = lead.JobTitle,
        Website = lead.Website,
        CustomVariables = lead.Texts,
    };
}
