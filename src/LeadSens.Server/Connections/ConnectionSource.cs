namespace LeadSens.Server.Connections;

/// <summary>Knows which account a workspace's calls to a provider use.</summary>
internal abstract class ConnectionSource
{
    /// <summary>The account, or why there is none: Unauthorized, so that the work waits until a person connects one.</summary>
    public abstract ValueTask<ProviderResult<ProviderAccount>> ForAsync(Guid workspaceId, string provider, CancellationToken cancellationToken);
}
