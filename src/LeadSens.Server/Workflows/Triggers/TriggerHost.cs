namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Takes decided starts: when somebody has sent something, else by looking once a second.</summary>
internal sealed class TriggerHost(TriggeredStarts starts, Data.Wakeups wakeups, WorkflowSignal signal, WorkflowFailures failures, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim _woken = new(0, 1);

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        wakeups.Subscribe(WorkflowSignal.Topic, Wake);
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await starts.TakeAsync(stoppingToken) > 0)
                    signal.Wake();
                // Most wake-ups are about something else: many of them cost one look.
                await Task.Delay(Pause, time, stoppingToken);
                await _woken.WaitAsync(Sweep, stoppingToken);
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

    private void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }
}
