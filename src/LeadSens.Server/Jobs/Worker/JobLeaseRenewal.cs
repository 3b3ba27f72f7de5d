using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>Renews the leases of the jobs that run here.</summary>
internal sealed class JobLeaseRenewal(SystemDatabase database, IEnumerable<KindRunner> runners, TimeProvider time, ILogger<JobLeaseRenewal> logger) : RenewalLoop(time)
{
    private readonly KindRunner[] runners = [.. runners];

    protected override async Task RenewAsync(CancellationToken cancellationToken)
    {
        var running = new List<RunningJob>();
        foreach (var runner in runners) runner.AddRunning(running);
        if (running.Count == 0) return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Leases.RenewAsync(connection, running, cancellationToken);
    }

    protected override void NotRenewed(Exception failure) => Log.LeasesNotRenewed(logger, failure);
}
