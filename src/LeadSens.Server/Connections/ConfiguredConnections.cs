namespace LeadSens.Server.Connections;

/// <summary>Accounts from the configuration, the same for every workspace. Outside production a provider without a credential is the Sandbox's.</summary>
internal sealed class ConfiguredConnections(IEnumerable<ProviderOptions> providers, SandboxOptions sandbox) : ConnectionSource
{
    private readonly Dictionary<string, ProviderResult<ProviderAccount>> accounts =
        providers.ToDictionary(p => p.Provider, p => Resolve(p, sandbox));

    public override ValueTask<ProviderResult<ProviderAccount>> ForAsync(Guid workspaceId, string provider, CancellationToken cancellationToken) =>
        new(accounts.TryGetValue(provider, out var account) ? account : Missing(provider));

    public ProviderAccount? Find(string provider) => accounts.TryGetValue(provider, out var account) ? account.Value : null;

    /// <summary>Every account that exists, for limits and for the start-up message.</summary>
    public IEnumerable<ProviderAccount> All => accounts.Values.Where(a => a.Succeeded).Select(a => a.Value!);

    private static ProviderResult<ProviderAccount> Resolve(ProviderOptions options, SandboxOptions sandbox) =>
        options.IsConfigured ? options.ToAccount()
        : sandbox.Url is { Length: > 0 } url ? ProviderAccount.Sandbox(options.Provider, url)
        : Missing(options.Provider);

    private static ProviderFailure Missing(string provider) =>
        new(ProviderFailureKind.Unauthorized, provider, $"No credential for {provider} is configured.");
}
