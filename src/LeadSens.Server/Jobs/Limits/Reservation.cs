namespace LeadSens.Server.Jobs;

/// <summary>A call that is granted before it is made, for steps that must not wait between a durable mark and the request. The calls made before it
/// is disposed of are made under it.</summary>
internal sealed class Reservation : IDisposable
{
    private readonly Limits limits;
    private readonly string key;
    private readonly Place? own;
    private readonly CallScope? scope;

    /// <summary>Runs in the caller's own flow, or the calls that follow would not see it.</summary>
    public Reservation(Limits limits, string key)
    {
        (this.limits, this.key) = (limits, key);
        if (CallScope.Find(key) is not null) return;
        own = limits.NewPlace(key);
        scope = CallScope.Within(own);
    }

    /// <summary>Waits until the account grants the call.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) => limits.GrantAsync(own ?? CallScope.Find(key)!, 1, cancellationToken);

    public void Dispose()
    {
        scope?.Dispose();
        own?.Dispose();
    }
}
