using LeadSens.Server.Api;

namespace LeadSens.Server.Connections;

/// <summary>The names of the providers at which a workspace can have an account.</summary>
internal sealed class ProviderNames(ProviderRegistry providers) : KnownWords
{
    public override IReadOnlyList<string> All => [.. providers.WithAccounts.Select(provider => provider.Name)];
}
