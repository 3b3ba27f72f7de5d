
namespace LeadSens.Server.Push;

/// <summary>A lead to add, with its own texts: <c>subject_1</c>, <c>body_1</c> and so on.</summary>
internal sealed record OutgoingLead(string Email, IReadOnlyDictionary<string, string> Texts)
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? CompanyName { get; init; }
    public string? JobTitle { get; init; }
    public string? Website { get; init; }
}

/// <summary>A lead as the provider has it.</summary>
internal sealed record SentLead(string Id, string? Email);

/// <summary>A campaign as the provider has it.</summary>
/// <param name="HasBegun">It sends, or did.</param>
internal sealed record SenderCampaign(string Id, string? Name, bool HasBegun);

/// <summary>What the answer to a bulk proves.</summary>
/// <param name="Created">Those that there are now. The others show when the campaign is read back.</param>
/// <param name="Refusal">Why the provider left others out, in words.</param>
internal sealed record AddedLeads(IReadOnlyList<SentLead> Created, string Refusal);

/// <summary>A step of a sequence; its texts are each lead's own.</summary>
/// <param name="DaysToNext">The wait before the next step's mail.</param>
internal sealed record SenderStep(int Number, int DaysToNext);

/// <summary>A provider that sends campaigns. Nothing of it need be idempotent: every write is an intent of the caller's.</summary>
internal abstract class CampaignSender
{
    /// <summary>The most leads of one call.</summary>
    public abstract int MostLeadsPerCall { get; }

    /// <summary>Creates a campaign that does not send yet; the answer is its id.</summary>
    public abstract Task<ProviderResult<string>> CreateAsync(
        ProviderAccount account, string name, IReadOnlyList<SenderStep> steps, CancellationToken cancellationToken);

    /// <summary>Campaigns whose name holds the text.</summary>
    public abstract Task<ProviderResult<ProviderPage<SenderCampaign>>> ListAsync(
        ProviderAccount account, string search, string? after, CancellationToken cancellationToken);

    public abstract Task<ProviderResult<SenderCampaign>> GetAsync(ProviderAccount account, string campaignId, CancellationToken cancellationToken);

    /// <summary>Begins to send.</summary>
    public abstract Task<ProviderResult<string>> ActivateAsync(ProviderAccount account, string campaignId, CancellationToken cancellationToken);

    public abstract Task<ProviderResult<AddedLeads>> AddLeadsAsync(
        ProviderAccount account, string campaignId, IReadOnlyList<OutgoingLead> leads, CancellationToken cancellationToken);

    public abstract Task<ProviderResult<ProviderPage<SentLead>>> ListLeadsAsync(
        ProviderAccount account, string campaignId, string? after, CancellationToken cancellationToken);
}
