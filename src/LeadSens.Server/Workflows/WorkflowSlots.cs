using LeadSens.Engine;
using LeadSens.Server.Data;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows;

/// <summary>The instances that this node runs at the same time. Whoever takes a slot either runs an instance in it or returns it.</summary>
internal sealed class WorkflowSlots(WorkflowRunner runner, WorkflowSignal signal, IOptions<WorkflowOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.Concurrency);
    private readonly CancellationTokenSource _stop = new();

    public Task TakeAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    public bool TryTake() => !_stop.IsCancellationRequested && _free.Wait(0);

    public void Return(int slots = 1)
    {
        if (slots > 0)
            _free.Release(slots);
    }

    /// <summary>In a slot that was taken, which is free again afterwards.</summary>
    public void Run(LeasedInstance instance) => _ = RunAsync(instance);

    /// <summary>Each running burst ends after its box and gives its lease back.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        for (var slot = 0; slot < options.Value.Concurrency; slot++)
            await _free.WaitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _free.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(LeasedInstance instance)
    {
        await Task.Yield();
        // Whoever resumed it: a burst is its workspace's.
        using var scope = DatabaseScope.Work(instance.TenantId);
        try
        {
            await runner.RunTurnAsync(instance, _stop.Token);
        }
        catch (Exception)
        {
            // The runner has said so and given the lease back: any node goes on with it.
        }
        finally
        {
            _free.Release();
            // A place is free, or it is somebody else's turn.
            signal.Release();
        }
    }
}
