using LeadSens.Engine;
using LeadSens.Server.Workflows.Triggers;

namespace LeadSens.Server.Workflows;

/// <summary>Once a second: fires what is due and takes over from dead nodes. A step that breaks is tried again in the next round and stops no other.</summary>
internal sealed class WorkflowSweep(
    WorkflowStore store, DueTriggers triggers, Leases leases, WorkflowSignal signal, TimeProvider time, ILogger<WorkflowSweep> log)
    : BackgroundService
{
    private const int Portion = 1_000;
    private const int FreeEvery = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var round = 0;
        do
        {
            await RoundAsync(round++, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RoundAsync(int round, CancellationToken stoppingToken)
    {
        await StepAsync(leases.GiveBackBrokenAsync, stoppingToken);
        await StepAsync(ReclaimAsync, stoppingToken);
        await StepAsync(cancellationToken => FireAsync(store.FireDueAsync, cancellationToken), stoppingToken);
        await StepAsync(cancellationToken => FireAsync(triggers.FireAsync, cancellationToken), stoppingToken);
        if (round % FreeEvery == 0)
            await StepAsync(leases.FreeActivationsAsync, stoppingToken);
    }

    private async Task ReclaimAsync(CancellationToken cancellationToken)
    {
        var reclaimed = await leases.ReclaimAsync(cancellationToken);
        if (reclaimed == 0)
            return;
        log.LeasesReclaimed(reclaimed);
        signal.Wake();
    }

    private async Task FireAsync(Func<int, CancellationToken, Task<int>> fire, CancellationToken cancellationToken)
    {
        for (int portion = Portion; portion == Portion;)
        {
            portion = await fire(Portion, cancellationToken);
            if (portion > 0)
                signal.Wake();
        }
    }

    private async Task StepAsync(Func<CancellationToken, Task> step, CancellationToken stoppingToken)
    {
        try
        {
            await step(stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            log.SweepBroke(error);
        }
    }
}
