using MassTransit;

namespace LeadSens.Server.Jobs;

/// <summary>Tells other nodes over the bus that there is work of a kind. Best effort: with the broker away they find it by looking.</summary>
internal sealed class WorkPublisher(IBus bus, BusState state, JobSignal signal, TimeProvider time, ILogger<WorkPublisher> logger) : BackgroundService
{
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await signal.Remote.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                var kinds = signal.TakeKinds();
                if (state.IsUp) await PublishAsync(kinds, stoppingToken);
                await Task.Delay(Debounce, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task PublishAsync(IReadOnlyCollection<string> kinds, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(Patience);
        try
        {
            foreach (var kind in kinds) await bus.Publish(new WorkAvailable(kind), patience.Token);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NodesNotTold(logger, failure);
        }
    }
}
