using System.Collections.Concurrent;
using LeadSens.Engine;

namespace LeadSens.Server.Workflows;

/// <summary>The leases that this node works under just now: what is renewed, and what is given back when a burst breaks. A lease is an instance and a
/// token: whoever names an instance alone may mean the lease of another burst.</summary>
internal sealed class HeldLeases
{
    private readonly ConcurrentDictionary<HeldLease, LeasedInstance> _held = new();

    public ICollection<HeldLease> All => _held.Keys;

    /// <summary>Leases of broken bursts that could not be given back yet, with the longest wait before they are tried again.</summary>
    public ConcurrentDictionary<HeldLease, TimeSpan> Broken { get; } = new();

    /// <summary>Tokens under which leases may have been taken although the answer was lost, with the instances that were named.</summary>
    public ConcurrentDictionary<Guid, Guid[]> Unanswered { get; } = new();

    /// <summary>How many of them each workspace has.</summary>
    public IReadOnlyDictionary<Guid, int> ByWorkspace => _held.Values.CountBy(instance => instance.TenantId).ToDictionary();

    /// <summary>Whether a node has died with one of them: the next death would be put down to it.</summary>
    public bool HasSuspect => _held.Values.Any(instance => instance.Deaths > 0);

    public void Add(LeasedInstance instance) => _held[HeldLease.Of(instance.Lease)] = instance with { State = [], Inbox = [] };

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

    /// <summary>Forgets this lease; false when it was forgotten before. A newer one of the same instance stays.</summary>
    public bool Remove(InstanceLease lease) => _held.TryRemove(HeldLease.Of(lease), out _);
}

/// <summary>A lease without the version, which rises while it is held.</summary>
internal readonly record struct HeldLease(Guid InstanceId, Guid Token)
{
    public static HeldLease Of(InstanceLease lease) => new(lease.InstanceId, lease.Token);
}
