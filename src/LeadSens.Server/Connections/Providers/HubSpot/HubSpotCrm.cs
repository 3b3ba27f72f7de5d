using LeadSens.Server.Discovery;

namespace LeadSens.Server.Connections.Providers.HubSpot;

internal sealed class HubSpotCrm(HubSpotClient hubSpot) : Crm
{
    public override async Task<ProviderResult<IReadOnlyList<string>>> KnownAsync(
        ProviderAccount account, IReadOnlyList<string> emails, CancellationToken cancellationToken)
    {
        var known = await hubSpot.BatchReadContactsAsync(account, emails, cancellationToken);
        return known.Succeeded ? new ProviderResult<IReadOnlyList<string>>([.. known.Value.SelectMany(contact => contact.Emails())], null) : known.Failure;
    }

    public override async Task<ProviderResult<IReadOnlyList<SyncedLead>>> UpsertAsync(
        ProviderAccount account, IReadOnlyList<CrmLead> leads, CancellationToken cancellationToken)
    {
        var answer = await hubSpot.BatchUpsertContactsAsync(account, [.. leads.Select(Contact)], cancellationToken);
        return answer.Succeeded
            ? new ProviderResult<IReadOnlyList<SyncedLead>>(
                [.. answer.Value.Select(outcome => new SyncedLead(Guid.Parse(outcome.TraceId), outcome.Refusal, outcome.ContactId))], null)
            : answer.Failure;
    }

    private static HubSpotContactInput Contact(CrmLead lead)
    {
        var properties = new Dictionary<string, string>();
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
            [("email", lead.Email), ("firstname", lead.FirstName), ("lastname", lead.LastName), ("company", lead.CompanyName), ("jobtitle", lead.JobTitle),
                ("website", lead.Website)])
            if (value is { Length: > 0 }) properties[name] = value;
        return new(lead.Email, lead.Id.ToString(), properties);
    }
}
