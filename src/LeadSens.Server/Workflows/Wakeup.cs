namespace LeadSens.Server.Workflows;

/// <summary>What a loop waits on between two looks: a signal, at most a second, and never less than a moment, because most signals are about something else.</summary>
internal sealed class Wakeup : IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim _woken = new(0, 1);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        await _woken.WaitAsync(Sweep, cancellationToken);
    }

    public void Release()
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
