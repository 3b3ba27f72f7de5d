namespace LeadSens.Server.Workflows;

/// <summary>What happens when the database or a bug breaks a burst: the instance is given back and tried again later. Nothing of the burst was written.</summary>
internal sealed class WorkflowFailures(Leases leases, TimeProvider time, ILogger<WorkflowFailures> log)
{
    public async Task BurstBrokeAsync(Guid instanceId, Exception error)
    {
        log.BurstBroke(instanceId, error);
        try
        {
            await leases.AbandonAsync(instanceId, CancellationToken.None);
        }
        catch (Exception unreachable)
        {
            // The sweep gives it back when the database answers; else the lease ends by itself.
            log.LeaseNotReturned(instanceId, unreachable);
        }
    }

    public async Task ClaimBrokeAsync(Exception error, CancellationToken stoppingToken)
    {
        log.ClaimBroke(error);
        await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
