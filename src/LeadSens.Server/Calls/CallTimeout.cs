namespace LeadSens.Server.Calls;

/// <summary>Ends a call that its caller did not cancel but that took too long, and tells the two apart.</summary>
internal sealed class CallTimeout : IDisposable
{
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenRegistration caller;
    private bool cancelled;

    public CallTimeout(TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        timer = new CancellationTokenSource(timeout, clock);
        caller = cancellationToken.UnsafeRegister(static state => ((CallTimeout)state!).Cancel(), this);
    }

    public CancellationToken Token => timer.Token;

    public bool TimedOut => timer.IsCancellationRequested && !cancelled;

    /// <summary>Gives the next part of a long answer the same time again.</summary>
    public void Restart(TimeSpan timeout) => timer.CancelAfter(timeout);

    public void Dispose()
    {
        caller.Dispose();
        timer.Dispose();
    }

    private void Cancel()
    {
        cancelled = true;
        timer.Cancel();
    }
}
