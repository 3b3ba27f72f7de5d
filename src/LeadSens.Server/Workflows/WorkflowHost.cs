using LeadSens.Engine;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows;

/// <summary>Runs whatever has something to do: woken by a signal, else by looking once a second.</summary>
internal sealed class WorkflowHost(
    WorkflowStore store, WorkflowRunner runner, WorkflowSignal signal, WorkflowFailures failures, IOptions<WorkflowOptions> options) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _slots = new(options.Value.Concurrency);

    public override void Dispose()
    {
        _slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await ClaimAsync(stoppingToken))
                    await signal.WaitAsync(Sweep, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                await failures.ClaimBrokeAsync(error, stoppingToken);
            }
        }
        // Each running burst ends after its box and gives its lease back.
        for (var slot = 0; slot < options.Value.Concurrency; slot++)
            await _slots.WaitAsync(CancellationToken.None);
    }

    /// <summary>Starts what fits; false when there may be more.</summary>
    private async Task<bool> ClaimAsync(CancellationToken stoppingToken)
    {
        await _slots.WaitAsync(stoppingToken);
        _slots.Release();
        var free = _slots.CurrentCount;
        var instances = await store.AcquireAnyAsync(free, stoppingToken);
        foreach (var instance in instances)
        {
            await _slots.WaitAsync(CancellationToken.None);
            _ = RunAsync(instance, stoppingToken);
        }
        return instances.Count < free;
    }

    private async Task RunAsync(LeasedInstance instance, CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await runner.RunAsync(instance, stoppingToken);
        }
        catch (Exception error)
        {
            await failures.BurstBrokeAsync(instance.Lease.InstanceId, error);
        }
        finally
        {
            _slots.Release();
        }
    }
}
