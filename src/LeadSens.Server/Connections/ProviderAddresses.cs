namespace LeadSens.Server.Connections;

/// <summary>Where a provider's calls go.</summary>
internal sealed class ProviderAddresses(IEnumerable<ProviderOptions> providers, SandboxOptions sandbox)
{
    /// <summary>A key that begins like this is the Sandbox's, where there is one.</summary>
    private const string SandboxKey = "sandbox";

    private readonly Dictionary<string, ProviderOptions> _providers = providers.ToDictionary(provider => provider.Provider, StringComparer.Ordinal);

    public bool HasSandbox => sandbox.Url is { Length: > 0 };

    /// <summary>Null for the Sandbox where there is none.</summary>
    public string? Of(string provider, bool isSandbox) =>
        !isSandbox ? _providers[provider].Address : HasSandbox ? $"{sandbox.Url!.TrimEnd('/')}/{provider}" : null;

    public bool IsSandboxKey(string key) => HasSandbox && key.StartsWith(SandboxKey, StringComparison.Ordinal);

    /// <summary>The key of an account that showed its identity, else of a credential. A credential that the configuration has as well is one account with it.</summary>
    public string AccountKey(string provider, string? accountId, string secret, bool isSandbox) => !isSandbox && _providers[provider].Secret?.Trim() == secret
        ? _providers[provider].ToAccount().AccountKey
        : ProviderAccount.KeyOf(provider, accountId is null ? secret : $"account {accountId}", isSandbox);
}
