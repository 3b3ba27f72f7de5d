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

    /// <summary>Without the limits no job may be claimed, and without the database none can be. Whatever else breaks holds up neither its neighbours nor the jobs.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await limits.RefreshAsync(cancellationToken);
        var dead = await nodes.DeadAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await StepAsync(async () =>
        {
            var reclaimed = await Leases.ReclaimAsync(connection, [.. dead], cancellationToken);
            if (reclaimed > 0) Log.JobsReclaimed(logger, reclaimed);
        });
        await StepAsync(async () =>
        {
            foreach (var campaign in await Leases.BudgetsDueAsync(connection, cancellationToken))
                await StepAsync(() => Leases.ReleaseBudgetAsync(connection, campaign, cancellationToken));
        });
        if (book.Held() is { } held) await StepAsync(() => LimitStore.HoldAsync(connection, node.Id, held, cancellationToken));
    }

    private async Task StepAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failure) when (failure is not (NpgsqlException { IsTransient: true } or OperationCanceledException))
        {
            Log.SweepStepFailed(logger, failure);
        }
    }
}
