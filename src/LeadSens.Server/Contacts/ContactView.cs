using LeadSens.Server.Api;
using LeadSens.Server.Leads;

namespace LeadSens.Server.Contacts;

/// <summary>A person with everything that is known. The values are those that stand.</summary>
/// <param name="Email">The primary address.</param>
internal sealed record ContactView(
    Guid Id, string? Email, string? Phone, string? FirstName, string? LastName, string? JobTitle, string? CompanyName, string? Website, string? Industry,
    string? CompanySize, string? Country, string? City, string? LinkedInUrl, string? Language, string? TimeZone,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public IReadOnlyList<ContactEmail> Emails { get; init; } = [];
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>Every value that a source ever said.</summary>
    public IReadOnlyList<ContactFact> Facts { get; init; } = [];

    public IReadOnlyList<ContactLead> Leads { get; init; } = [];

    /// <summary>What was done about the person at providers, in all campaigns.</summary>
    public IReadOnlyList<ContactReceipt> Receipts { get; init; } = [];
}

/// <param name="VerifiedAt">When the source answered.</param>
internal sealed record ContactEmail(
    string Address, [property: OneOf(typeof(VerificationStatus))] string VerificationStatus, string? VerificationSource, DateTimeOffset? VerifiedAt);

/// <param name="Replaced">The value that stood before, in the order of what counts.</param>
/// <param name="SaidBy">The source, for example a vendor.</param>
/// <param name="RecordId">The source's own id of the record.</param>
/// <param name="SaidAt">By the source's own clock.</param>
internal sealed record ContactFact(
    string Field, string Value, bool Stands, string? Replaced, string SaidBy, string RecordId, DateTimeOffset SaidAt, DateTimeOffset ReceivedAt);

internal sealed record ContactLead(
    Guid Id, Guid CampaignId, string CampaignName, [property: OneOf(typeof(LeadStatus))] string Status, int? Score, DateTimeOffset UpdatedAt);

internal sealed record ContactReceipt(Guid CampaignId, Guid LeadId, long Sequence, string Kind, string ProviderId, DateTimeOffset At);
