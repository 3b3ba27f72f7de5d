using LeadSens.Engine;

namespace LeadSens.Server.Workflows;

/// <summary>Runs whatever has something to do: woken by a signal, else by looking once a second.</summary>
internal sealed class WorkflowHost(WorkflowStore store, WorkflowSlots slots, WorkflowSignal signal, Leases leases, WorkflowFailures failures) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var broken = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var all = await ClaimAsync(stoppingToken);
                broken = 0;
                if (all)
                    await signal.WaitAsync(Sweep, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                await failures.ClaimBrokeAsync(error, stoppingToken, ++broken);
            }
        }
        await slots.StopAsync();
        await LeaveAsync();
    }

    private async Task LeaveAsync()
    {
        try
        {
            await leases.LeaveAsync(CancellationToken.None);
        }
        catch (Exception away)
        {
            // Then others find them with the node's session.
            failures.NotLeft(away);
        }
    }

    /// <summary>Starts what fits; false when there may be more.</summary>
    private async Task<bool> ClaimAsync(CancellationToken stoppingToken)
    {
        await slots.TakeAsync(stoppingToken);
        var taken = 1;
        while (slots.TryTake())
            taken++;
        var free = taken;
        try
        {
            foreach (var instance in await store.AcquireAnyAsync(taken, stoppingToken))
            {
                slots.Run(instance);
                free--;
            }
        }
        finally
        {
            slots.Return(free);
        }
        return free > 0;
    }
}
