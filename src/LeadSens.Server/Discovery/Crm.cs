
namespace LeadSens.Server.Discovery;

/// <summary>A lead on its way to the CRM. Texts that are not known are null.</summary>
internal sealed record CrmLead(Guid Id, string Email, string? FirstName, string? LastName, string? CompanyName, string? JobTitle, string? Website);

/// <summary>What became of one lead at the CRM.</summary>
/// <param name="Refusal">Null: it is a contact.</param>
/// <param name="ContactId">The CRM's.</param>
internal sealed record SyncedLead(Guid LeadId, string? Refusal, string? ContactId = null);

/// <summary>A provider that keeps a workspace's contacts.</summary>
internal abstract class Crm
{
    /// <summary>The most addresses or leads of one call.</summary>
    public const int MostPerCall = 100;

    /// <summary>Every address of the contacts that answer to these, which must be distinct.</summary>
    public abstract Task<ProviderResult<IReadOnlyList<string>>> KnownAsync(
        ProviderAccount account, IReadOnlyList<string> emails, CancellationToken cancellationToken);

    /// <summary>Creates or updates contacts by their addresses, which must be distinct. It can be repeated. One outcome for each lead; Invalid: the CRM
    /// refuses the whole for what is in it.</summary>
    public abstract Task<ProviderResult<IReadOnlyList<SyncedLead>>> UpsertAsync(
        ProviderAccount account, IReadOnlyList<CrmLead> leads, CancellationToken cancellationToken);
}
