using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>What a node does every second for the others and itself.</summary>
internal sealed class Housekeeping(NpgsqlDataSource database, Limits limits, LimitBook book, NodeIdentity node, Nodes nodes, TimeProvider time, ILogger<Housekeeping> logger)
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);
    private long renewed;

    public async Task SweepAsync(IReadOnlyList<KindRunner> runners, CancellationToken cancellationToken)
    {
        await limits.RefreshAsync(cancellationToken);
        var dead = await nodes.DeadAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var reclaimed = await Leases.ReclaimAsync(connection, [.. dead], cancellationToken);
        if (reclaimed > 0) Log.JobsReclaimed(logger, reclaimed);
        await Leases.ReleaseBudgetsAsync(connection, cancellationToken);
        if (book.Held() is { } held) await LimitStore.HoldAsync(connection, node.Id, held, cancellationToken);
        if (renewed == 0 || time.GetElapsedTime(renewed) >= RenewEvery) await RenewAsync(connection, runners, cancellationToken);
    }

    private async Task RenewAsync(NpgsqlConnection connection, IReadOnlyList<KindRunner> runners, CancellationToken cancellationToken)
    {
        renewed = time.GetTimestamp();
        var running = new List<RunningJob>();
        foreach (var runner in runners) runner.AddRunning(running);
        if (running.Count > 0) await Leases.RenewAsync(connection, running, cancellationToken);
    }
}
