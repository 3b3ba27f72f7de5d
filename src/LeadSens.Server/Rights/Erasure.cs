using LeadSens.Server.Api;

namespace LeadSens.Server.Rights;

/// <summary>What was erased.</summary>
/// <param name="State"><c>settling</c>: nothing is left to see; texts that something under way may still write are searched once more a little later. <c>running</c>: some
/// run holds its state just now, and is searched when it waits. <c>done</c>.</param>
/// <param name="Leads">In how many campaigns the person was.</param>
/// <param name="Remaining">What providers still hold, with their ids: it has to be erased there.</param>
internal sealed record Erasure(Guid Id, [property: OneOf("ErasureState", "running", "settling", "done")] string State, int Leads, IReadOnlyList<RemainingRecord> Remaining);

/// <param name="Id">The provider's; null: to be found there by the address.</param>
internal sealed record RemainingRecord(string Provider, string Kind, string? Id, Guid LeadId);

/// <summary>A lead whose person is erased, as it was.</summary>
internal sealed record LeadToErase(Guid Id, Guid CampaignId, string Status, string? Email, string? EmailKey, string? FirstName, string? LastName, string? LinkedInUrl)
{
    public IEnumerable<string?> Texts => [Email, EmailKey, FirstName is null || LastName is null ? null : $"{FirstName} {LastName}", FirstName is null || LastName is null ? null : $"{LastName} {FirstName}", LinkedInUrl];
}
