using LeadSens.Server.Jobs;

namespace LeadSens.Server.Connections;

/// <summary>Knows which account a workspace's calls to a provider use.</summary>
internal abstract class ConnectionSource
{
    /// <summary>The account, or why there is none: Unauthorized, so that the work waits until a person connects one.</summary>
    public abstract ValueTask<ProviderResult<ProviderAccount>> ForAsync(Guid workspaceId, string provider, CancellationToken cancellationToken);

    /// <summary>What one job takes from the workspace's account at a provider; nothing where it has none. With 0 calls the job asks for
    /// each call by itself, and is only held back while the account is.</summary>
    public async ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, string provider, int calls, CancellationToken cancellationToken)
    {
        var account = await ForAsync(workspaceId, provider, cancellationToken);
        return account.Succeeded ? [new(account.Value.AccountKey, calls)] : [];
    }
}
