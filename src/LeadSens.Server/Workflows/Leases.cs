using LeadSens.Engine;
using LeadSens.Server.Data;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Renews, gives back and reclaims the leases of instances.</summary>
internal sealed class Leases(SystemDatabase database, NodeIdentity node, Nodes nodes, HeldLeases held)
{
    /// <summary>What breaks each time is no burden on the others.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>A database that was away was away for all: nobody's run is to blame, and none may lie for minutes once it answers.</summary>
    private static readonly TimeSpan LongestWaitAfterOutage = TimeSpan.FromSeconds(2);

    /// <summary>Puts off the end of every lease under which this node runs just now. One whose row is locked is being committed; to wait for it while
    /// others are locked here could block both for ever.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        HeldLease[] leases = [.. held.All];
        if (leases.Length == 0)
            return;
        await using var command = database.CreateCommand("""
            with running as (
                select i.id from unnest($1, $2) mine (id, token) join workflow_instances i on i.id = mine.id and i.claim_token = mine.token for no key update of i skip locked)
            update workflow_instances i set lease_until = clock_now() + $3 from running where i.id = running.id
            """);
        command.AddArray([.. leases.Select(lease => lease.InstanceId)], NpgsqlDbType.Uuid).AddArray([.. leases.Select(lease => lease.Token)], NpgsqlDbType.Uuid).Add(PostgresWorkflowStore.LeaseTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives back the lease under which a burst broke; the instance is tried again after a wait that grows with each failure in a row.</summary>
    /// <param name="outage">Whether the database was away, not the instance that broke.</param>
    public async Task AbandonAsync(InstanceLease lease, bool outage, CancellationToken cancellationToken)
    {
        if (!held.Remove(lease))
            return;
        var longest = held.Broken[HeldLease.Of(lease)] = outage ? LongestWaitAfterOutage : LongestWait;
        await GiveBackAsync(HeldLease.Of(lease), longest, cancellationToken);
    }

    /// <summary>Gives back what could not be given back when it broke, because the database was away, and what was taken by an answer that was lost.</summary>
    public async Task GiveBackBrokenAsync(CancellationToken cancellationToken)
    {
        foreach (var (lease, longest) in held.Broken)
            await GiveBackAsync(lease, longest, cancellationToken);
        foreach (var (token, named) in held.Unanswered)
            await GiveBackUnansweredAsync(token, named, cancellationToken);
    }

    /// <summary>What was to be run is there to be found: it was named, it is runnable, or something has arrived for it.</summary>
    private async Task GiveBackUnansweredAsync(Guid token, Guid[] named, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            update workflow_instances set claim_token = null, lease_node = null, lease_until = null
            where claim_token = $1 and id in (select unnest($2) union select id from workflow_instances where runnable union select instance_id from workflow_resumptions)
            """);
        command.Add(token).Add(named);
        await command.ExecuteNonQueryAsync(cancellationToken);
        held.Unanswered.TryRemove(token, out _);
    }

    private async Task GiveBackAsync(HeldLease lease, TimeSpan longest, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            update workflow_instances set claim_token = null, lease_node = null, lease_until = null, failures = failures + 1,
                retry_at = clock_now() + least(interval '100 milliseconds' * power(2, least(failures, 16)), $3)
            where id = $1 and claim_token = $2
            """);
        command.Add(lease.InstanceId).Add(lease.Token).Add(longest);
        await command.ExecuteNonQueryAsync(cancellationToken);
        held.Broken.TryRemove(lease, out _);
    }

    /// <summary>Frees the activation keys that ended instances hold because a retry took them back and its node died before it committed.</summary>
    public async Task FreeActivationsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            update workflow_instances set activation_key = null
            where status = 'Finished' and activation_key is not null and (claim_token is null or lease_until < clock_now())
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>When all bursts here have ended: what this node is said to hold and does not was taken by an answer that came too late, and no death is to blame.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with busy as (select id from workflow_instances where runnable union select instance_id from workflow_resumptions)
            update workflow_instances i set claim_token = null, lease_node = null, lease_until = null
            from busy where i.id = busy.id and i.lease_node = $1 and i.claim_token <> all ($2)
            """);
        command.Add(node.Id).AddArray([.. held.All.Select(lease => lease.Token)], NpgsqlDbType.Uuid);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Frees the instances that dead nodes held, and counts the death with each; answers how many. What was leased has something to do, so that only
    /// what waits for its turn is looked through, never what was.</summary>
    public async Task<int> ReclaimAsync(CancellationToken cancellationToken)
    {
        var dead = (await nodes.DeadAsync(cancellationToken)).Where(id => id != node.Id).ToArray();
        if (dead.Length == 0)
            return 0;
        await using var command = database.CreateCommand("""
            with busy as (select id from workflow_instances where runnable union select instance_id from workflow_resumptions)
            update workflow_instances i set claim_token = null, lease_node = null, lease_until = null, deaths = i.deaths + 1
            from busy where i.id = busy.id and i.lease_node = any ($1)
            """);
        command.AddArray(dead, NpgsqlDbType.Uuid);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
