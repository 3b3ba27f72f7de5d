using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>Wakes this node's outbox dispatcher at once, and through the node's one debounced NOTIFY those of the others. Call it after
/// the commit.</summary>
internal sealed class OutboxSignal : IDisposable
{
    private const string Topic = "outbox";

    private readonly Wakeups wakeups;

    public OutboxSignal(Wakeups wakeups)
    {
        this.wakeups = wakeups;
        wakeups.Subscribe(Topic, Local.Wake);
    }

    /// <summary>For the dispatcher.</summary>
    public WakeSignal Local { get; } = new();

    public void Wake() => wakeups.Publish(Topic);

    public void Dispose() => Local.Dispose();
}
