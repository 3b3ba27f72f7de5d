namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Takes decided starts: when somebody has sent something, else by looking once a second.</summary>
internal sealed class TriggerHost(TriggeredStarts starts, Data.Wakeups wakeups, WorkflowSignal signal, WorkflowFailures failures) : BackgroundService
{
    private readonly Wakeup _woken = new();

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        wakeups.Subscribe(WorkflowSignal.Topic, _woken.Release);
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await starts.TakeAsync(stoppingToken) > 0)
                    signal.Wake();
                await _woken.WaitAsync(stoppingToken);
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
    }
}
