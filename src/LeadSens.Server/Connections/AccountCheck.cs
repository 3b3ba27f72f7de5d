namespace LeadSens.Server.Connections;

/// <summary>What a provider shows of an account.</summary>
/// <param name="Id">Null where the vendor does not say it.</param>
/// <param name="Scopes">What the credential may, as far as the vendor tells.</param>
/// <param name="Missing">What our calls need and it may not.</param>
internal sealed record CheckedAccount(string? Id, string? Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Missing);

/// <summary>Looks at an account with calls that change and cost nothing.</summary>
internal abstract class AccountCheck
{
    public abstract Task<ProviderResult<CheckedAccount>> CheckAsync(ProviderAccount account, CancellationToken cancellationToken);
}
