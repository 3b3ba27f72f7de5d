namespace LeadSens.Server.Workflows;

/// <summary>Renews the leases of the runs that go on here. A loop of its own: nothing that breaks or takes long elsewhere lets a lease end.</summary>
internal sealed class LeaseRenewal(Leases leases, TimeProvider time, ILogger<LeaseRenewal> log) : BackgroundService
{
    /// <summary>Several times within <see cref="PostgresWorkflowStore.LeaseTime"/>.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

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
            await leases.RenewAsync(stoppingToken);
            return true;
        }
        catch (Exception error)
        {
            if (!stoppingToken.IsCancellationRequested)
                log.LeasesNotRenewed(error);
            return false;
        }
    }
}
