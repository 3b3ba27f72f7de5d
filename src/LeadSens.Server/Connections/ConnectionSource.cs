using LeadSens.Server.Jobs;

namespace LeadSens.Server.Connections;

/// <summary>Knows which account a workspace's calls to a provider use.</summary>
internal abstract class ConnectionSource
{
    /// <summary>The account, or why there is none: Unauthorized, so that the work waits until a person connects one.</summary>
    public abstract ValueTask<ProviderResult<ProviderAccount>> ForAsync(Guid workspaceId, string provider, CancellationToken cancellationToken);

    /// <summary>The key of the account, without making it ready for a call; null where there is none. Whoever only counts must not wait for a provider.</summary>
    public virtual async ValueTask<string?> KeyAsync(Guid workspaceId, string provider, CancellationToken cancellationToken) =>
        (await ForAsync(workspaceId, provider, cancellationToken)).Value?.AccountKey;

    /// <summary>What one job takes from the workspace's account at a provider; nothing where it has none. With 0 calls the job asks for
    /// each call by itself, and is only held back while the account is.</summary>
    public async ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, string provider, int calls, CancellationToken cancellationToken)
    {
        return await KeyAsync(workspaceId, provider, cancellationToken) is { } key ? [new(key, calls)] : [];
    }
}
