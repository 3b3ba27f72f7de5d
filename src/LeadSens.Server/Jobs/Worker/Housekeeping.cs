using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>What a node does every second for the others and itself.</summary>
internal sealed class Housekeeping(SystemDatabase database, Limits limits, LimitBook book, NodeIdentity node, Nodes nodes, ILogger<Housekeeping> logger)
{
    /// <summary>After the last job here. A database that is away leaves it to the others, who miss the node's session.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            await Leases.LeaveAsync(connection, node.Id, CancellationToken.None);
        }
        catch (NpgsqlException away)
        {
            Log.LeasesNotRenewed(logger, away);
        }
    }

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await limits.RefreshAsync(cancellationToken);
        var dead = await nodes.DeadAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var reclaimed = await Leases.ReclaimAsync(connection, [.. dead], cancellationToken);
        if (reclaimed > 0) Log.JobsReclaimed(logger, reclaimed);
        await Leases.ReleaseBudgetsAsync(connection, cancellationToken);
        if (book.Held() is { } held) await LimitStore.HoldAsync(connection, node.Id, held, cancellationToken);
    }
}
