using System.Collections.Concurrent;
using LeadSens.Server.Jobs;
using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>A workspace's own connection goes before the installation's account, also while it is broken: nothing of a workspace ever ends up in
/// another account because its own failed.</summary>
internal sealed class WorkspaceConnections(
    ConnectionCache cache, ConfiguredConnections configured, ProviderRegistry providers, ProviderAddresses addresses, TokenRefresh refresh,
    ProviderLimits limits, LimitRegistry registry,
    IOptions<LeadSensOptions> house)
    : ConnectionSource
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, bool> _limited = new(StringComparer.Ordinal);

    public override ValueTask<ProviderResult<ProviderAccount>> ForAsync(Guid workspaceId, string provider, CancellationToken cancellationToken)
    {
        var known = cache.Recent(workspaceId, provider);
        return known is { Row: null } ? Shared(provider) : OwnAsync(known, workspaceId, provider, cancellationToken);
    }

    public override async ValueTask<string?> KeyAsync(Guid workspaceId, string provider, CancellationToken cancellationToken)
    {
        var known = cache.Recent(workspaceId, provider) ?? await cache.ReadAsync(workspaceId, provider, cancellationToken);
        return known.Row is { } row ? row.State == ConnectionState.Connected ? row.AccountKey : null : (await Shared(provider)).Value?.AccountKey;
    }

    private async ValueTask<ProviderResult<ProviderAccount>> OwnAsync(KnownConnection? recent, Guid workspaceId, string provider, CancellationToken cancellationToken)
    {
        var known = recent ?? await cache.ReadAsync(workspaceId, provider, cancellationToken);
        if (known.Row is null) return await Shared(provider);
        if (TokenRefresh.IsDue(known.Row))
        {
            if (await refresh.EnsureAsync(known.Row, cancellationToken) is { } failure) return failure;
            known = cache.Recent(workspaceId, provider) ?? await cache.ReadAsync(workspaceId, provider, cancellationToken);
        }

        return known.Row is { State: ConnectionState.Connected } row ? AccountOf(row, known.Credential) : Waits(provider, known.Row);
    }

    private ProviderResult<ProviderAccount> AccountOf(Connection row, ProviderResult<ConnectionCredential> credential)
    {
        if (!credential.Succeeded) return credential.Failure;
        if (addresses.Of(row.Provider, row.IsSandbox) is not { } address) return Failure(row.Provider, "was made with the Sandbox, which is not there in production");
        var account = new ProviderAccount(row.Provider, row.AccountKey, address, credential.Value.Secret, row.IsSandbox);
        if (_limited.Count >= Most) _limited.Clear();
        if (_limited.TryAdd(row.AccountKey, true)) registry.Set(row.AccountKey, limits.RuleOf(account));
        return account;
    }

    private ValueTask<ProviderResult<ProviderAccount>> Shared(string provider) => house.Value.SharedAccounts
        ? configured.ForAsync(Guid.Empty, provider, CancellationToken.None)
        : new(new ProviderFailure(
            ProviderFailureKind.Unauthorized, provider, $"No {providers.Title(provider)} account is connected. Connect one under Connections."));

    private ProviderFailure Waits(string provider, Connection? row) => row is { State: ConnectionState.Broken }
        ? new(ProviderFailureKind.Unauthorized, provider, row.Error
            ?? $"{providers.Title(provider)} takes the connection's credentials no more. Connect it again under Connections.")
        : Failure(provider, "was disconnected. Connect it again under Connections");

    private ProviderFailure Failure(string provider, string what) =>
        new(ProviderFailureKind.Unauthorized, provider, $"The connection to {providers.Title(provider)} {what}.");
}
