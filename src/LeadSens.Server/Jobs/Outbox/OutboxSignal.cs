namespace LeadSens.Server.Jobs;

/// <summary>Wakes this node's outbox dispatcher, and through a debounced NOTIFY those of other nodes. Call it after the commit.</summary>
internal sealed class OutboxSignal : IDisposable
{
    /// <summary>For the dispatcher.</summary>
    public WakeSignal Local { get; } = new();

    /// <summary>For the loop that tells the other nodes.</summary>
    public WakeSignal Remote { get; } = new();

    public void Wake()
    {
        Local.Wake();
        Remote.Wake();
    }

    public void Dispose()
    {
        Local.Dispose();
        Remote.Dispose();
    }
}
