using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>Renews the leases of the jobs that run here. A loop of its own: nothing that breaks or takes long in the worker's rounds lets a lease end.</summary>
internal sealed class JobLeaseRenewal(SystemDatabase database, IEnumerable<KindRunner> runners, TimeProvider time, ILogger<JobLeaseRenewal> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly KindRunner[] runners = [.. runners];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = Every;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = await TryRenewAsync(stoppingToken) ? Every : AfterFailure;
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken stoppingToken)
    {
        try
        {
            var running = new List<RunningJob>();
            foreach (var runner in runners) runner.AddRunning(running);
            if (running.Count == 0) return true;
            await using var connection = await database.OpenConnectionAsync(stoppingToken);
            await Leases.RenewAsync(connection, running, stoppingToken);
            return true;
        }
        catch (Exception failure)
        {
            if (!stoppingToken.IsCancellationRequested) Log.LeasesNotRenewed(logger, failure);
            return false;
        }
    }
}
