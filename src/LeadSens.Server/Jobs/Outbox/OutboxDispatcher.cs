using LeadSens.Server.Data;
using MassTransit;

namespace LeadSens.Server.Jobs;

/// <summary>Publishes what the outbox holds, at least once. Takes nothing while the broker is away, so that an outage spends no attempts.</summary>
internal sealed class OutboxDispatcher(
    SystemDatabase database, IBus bus, BusState state, OutboxSignal signal, NodeIdentity node, Nodes nodes, TimeProvider time, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    /// <summary>Well inside the lease of 30 s.</summary>
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    private Guid[] deadNodes = [];
    private long sawDead;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Sweep;
            try
            {
                await state.WaitUntilUpAsync(stoppingToken);
                wait = await DispatchAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Log.DispatchFailed(logger, failure);
            }

            if (wait > TimeSpan.Zero) await WaitAsync(wait, stoppingToken);
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stoppingToken)
    {
        try
        {
            await signal.Local.WaitAsync(wait, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by its own condition.
        }
    }

    /// <returns>How long there is nothing to do.</returns>
    private async Task<TimeSpan> DispatchAsync(CancellationToken cancellationToken)
    {
        if (sawDead == 0 || time.GetElapsedTime(sawDead) >= Sweep)
        {
            deadNodes = [.. await nodes.DeadAsync(cancellationToken)];
            sawDead = time.GetTimestamp();
        }

        var token = Guid.CreateVersion7();
        List<TakenEvent> taken;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            taken = await OutboxStore.TakeAsync(connection, token, node.Id, AtOnce, deadNodes, cancellationToken);
            if (taken.Count == 0) return await OutboxStore.NextDueAsync(connection, cancellationToken) is { } due && due < Sweep ? due : Sweep;
        }

        var failures = await Task.WhenAll(taken.Select(one => PublishAsync(one, cancellationToken)));
        await WriteAsync(token, taken, failures.OfType<Unpublished>().ToList());
        return taken.Count < AtOnce || !state.IsUp ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
    }

    private async Task<Unpublished?> PublishAsync(TakenEvent taken, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(PublishTimeout);
        try
        {
            await bus.Publish(taken.Event, context => context.MessageId = taken.Event.Id, patience.Token);
            return null;
        }
        catch (Exception failure)
        {
            // Without an answer, without a connection: that is the broker, not the event.
            var brokerAway = failure is OperationCanceledException or ConnectionException || !state.IsUp;
            return new(taken, failure.Message, !brokerAway);
        }
    }

    /// <summary>Also when the node stops: what was published is not published again.</summary>
    private async Task WriteAsync(Guid token, List<TakenEvent> taken, List<Unpublished> failed)
    {
        var sent = taken.Select(one => one.Event.Id).Except(failed.Select(one => one.Taken.Event.Id)).ToArray();
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        if (sent.Length > 0) await OutboxStore.SentAsync(connection, token, sent, CancellationToken.None);
        if (failed.Count == 0) return;
        await OutboxStore.UnpublishedAsync(connection, token, failed, CancellationToken.None);
        foreach (var dead in failed.Where(one => one.SpendsAttempt && one.Taken.Attempts + 1 >= OutboxStore.MaxAttempts)) Log.EventDead(logger, dead.Taken.Event.Id);
    }
}
