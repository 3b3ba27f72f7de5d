using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows;

/// <summary>Says that an instance may have something to do, after the commit that gave it.</summary>
internal sealed class WorkflowSignal : IDisposable
{
    public const string Topic = "workflows";
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly Wakeups _wakeups;

    public WorkflowSignal(Wakeups wakeups)
    {
        _wakeups = wakeups;
        wakeups.Subscribe(Topic, Release);
    }

    /// <summary>Wakes the runner here at once, and those of other nodes soon.</summary>
    public void Wake() => _wakeups.Publish(Topic);

    /// <summary>Returns when woken, also when that was before the call, or after the time.</summary>
    internal Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _woken.WaitAsync(atMost, cancellationToken);

    /// <summary>Wakes the runner of this process alone.</summary>
    internal void Release()
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

    public void Dispose() => _woken.Dispose();
}
