using LeadSens.Engine;

namespace LeadSens.Server.Workflows;

/// <summary>What happens when the database or a bug breaks a burst: the instance is given back and tried again later. Nothing of the burst was written.</summary>
internal sealed class WorkflowFailures(Leases leases, TimeProvider time, ILogger<WorkflowFailures> log)
{
    /// <summary>The runner's <see cref="RunnerOptions.OnBroke"/>: nobody else knows whose lease it was.</summary>
    public async Task BurstBrokeAsync(InstanceLease lease, Exception error)
    {
        log.BurstBroke(lease.InstanceId, error);
        try
        {
            await leases.AbandonAsync(lease, error.IsOutage(), CancellationToken.None);
        }
        catch (Exception unreachable)
        {
            // The sweep gives it back when the database answers; else the lease ends by itself.
            log.LeaseNotReturned(lease.InstanceId, unreachable);
        }
    }

    public void NotLeft(Exception error) => log.ClaimBroke(error);

    /// <summary>One broken connection holds nobody up; a database that stays away is asked once a second.</summary>
    /// <param name="inARow">How many claims broke since one went well, this one among them.</param>
    public async Task ClaimBrokeAsync(Exception error, CancellationToken stoppingToken, int inARow = 7)
    {
        log.ClaimBroke(error);
        var wait = TimeSpan.FromMilliseconds(Math.Min(1_000, 10 << Math.Min(inARow, 10)));
        await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
