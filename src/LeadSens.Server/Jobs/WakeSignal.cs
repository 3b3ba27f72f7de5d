namespace LeadSens.Server.Jobs;

/// <summary>Wakes one waiting loop; wakes that come while it works are remembered as one.</summary>
internal sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0, 1);
    private int pending;

    public void Wake()
    {
        if (Interlocked.Exchange(ref pending, 1) == 0) semaphore.Release();
    }

    /// <summary>Waits for a wake or until the time is over. False: the time was over.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (!await semaphore.WaitAsync(atMost, cancellationToken)) return false;
        Volatile.Write(ref pending, 0);
        return true;
    }

    public void Dispose() => semaphore.Dispose();
}
