using System.Collections.Concurrent;
using LeadSens.Engine;

namespace LeadSens.Server.Workflows;

/// <summary>The leases that this node works under just now: what is renewed, and what is given back when a burst breaks.</summary>
internal sealed class HeldLeases
{
    private readonly ConcurrentDictionary<Guid, Guid> _tokens = new();

    /// <summary>The tokens by instance.</summary>
    public IReadOnlyDictionary<Guid, Guid> Tokens => _tokens;

    /// <summary>Leases of broken bursts that could not be given back yet, with the longest wait before they are tried again.</summary>
    public ConcurrentDictionary<Guid, (Guid Token, TimeSpan Longest)> Broken { get; } = new();

    /// <summary>Tokens under which leases may have been taken although the answer was lost, with the instances that were named.</summary>
    public ConcurrentDictionary<Guid, Guid[]> Unanswered { get; } = new();

    public void Add(InstanceLease lease) => _tokens[lease.InstanceId] = lease.Token;

    /// <summary>Takes leases under a token. A lease is held once all that was taken is known; when that is never known, nobody would run what was taken.</summary>
    public async Task<T> TakeAsync<T>(Guid token, Guid[] named, Func<Task<T>> take)
    {
        try
        {
            return await take();
        }
        catch (Exception error) when (!error.IsRolledBack())
        {
            Unanswered[token] = named;
            throw;
        }
    }

    /// <summary>Forgets this lease; a newer one of the same instance stays.</summary>
    public void Remove(InstanceLease lease) => _tokens.TryRemove(new(lease.InstanceId, lease.Token));
}
