using LeadSens.Engine;
using LeadSens.Server.Workflows.Triggers;

namespace LeadSens.Server.Workflows;

/// <summary>Once a second: fires what is due, takes over from dead nodes, and renews leases.</summary>
internal sealed class WorkflowSweep(
    WorkflowStore store, DueTriggers triggers, Leases leases, WorkflowSignal signal, TimeProvider time, ILogger<WorkflowSweep> log)
    : BackgroundService
{
    private const int Portion = 1_000;
    private const int RenewEvery = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var round = 0;
        do
        {
            try
            {
                await RoundAsync(round++, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepBroke(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RoundAsync(int round, CancellationToken cancellationToken)
    {
        await leases.GiveBackBrokenAsync(cancellationToken);
        var reclaimed = await leases.ReclaimAsync(cancellationToken);
        if (reclaimed > 0)
            log.LeasesReclaimed(reclaimed);
        var fired = 0;
        for (int portion = Portion; portion == Portion; fired += portion)
            portion = await store.FireDueAsync(Portion, cancellationToken);
        for (int portion = Portion; portion == Portion; fired += portion)
            portion = await triggers.FireAsync(Portion, cancellationToken);
        if (reclaimed + fired > 0)
            signal.Wake();
        if (round % RenewEvery == 0)
        {
            await leases.RenewAsync(cancellationToken);
            await leases.FreeActivationsAsync(cancellationToken);
        }
    }
}
