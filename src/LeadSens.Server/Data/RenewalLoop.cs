namespace LeadSens.Server.Data;

/// <summary>Renews leases, in a loop of its own: nothing that breaks or takes long elsewhere lets one end.</summary>
internal abstract class RenewalLoop(TimeProvider time) : BackgroundService
{
    /// <summary>Several times within the minute that a lease lasts.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Puts off the ends of all leases that this node holds.</summary>
    protected abstract Task RenewAsync(CancellationToken cancellationToken);

    /// <summary>They are renewed in a second.</summary>
    protected abstract void NotRenewed(Exception failure);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = Every;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = await TryAsync(stoppingToken) ? Every : AfterFailure;
        }
    }

    private async Task<bool> TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RenewAsync(stoppingToken);
            return true;
        }
        catch (Exception failure)
        {
            if (!stoppingToken.IsCancellationRequested) NotRenewed(failure);
            return false;
        }
    }
}
