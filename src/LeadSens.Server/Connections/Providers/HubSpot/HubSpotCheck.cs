namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>Reads a contact that nobody has. What a token may write shows only in the scopes that it was given with.</summary>
internal sealed class HubSpotCheck(HubSpotClient hubSpot) : AccountCheck
{
    public const string Read = "crm.objects.contacts.read";
    public const string Write = "crm.objects.contacts.write";

    /// <summary>What our calls need.</summary>
    public static readonly IReadOnlyList<string> Needed = [Read, Write];

    public override async Task<ProviderResult<CheckedAccount>> CheckAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        var contacts = await hubSpot.BatchReadContactsAsync(account, ["nobody@leadsens.invalid"], cancellationToken);
        if (contacts.Succeeded) return new CheckedAccount(null, null, [Read], []);
        return contacts.Failure.Status == 403 ? new CheckedAccount(null, null, [], [Read]) : contacts.Failure;
    }
}
