using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>Wakes the workers, of this node at once and of the others soon, when jobs came or may go on. Call it after the commit.</summary>
internal sealed class JobSignal : IDisposable
{
    private const string Topic = "jobs";
    private const string AnyKind = "any";

    private readonly Wakeups wakeups;
    private readonly Lock gate = new();
    private HashSet<string> kinds = [];

    public JobSignal(Wakeups wakeups)
    {
        this.wakeups = wakeups;
        wakeups.Subscribe(Topic, Local.Wake);
    }

    /// <summary>For this node's worker.</summary>
    public WakeSignal Local { get; } = new();

    /// <summary>For the loop that publishes <see cref="WorkAvailable"/>.</summary>
    public WakeSignal Remote { get; } = new();

    /// <summary>Jobs of some kind may go on.</summary>
    public void Wake() => Wake(AnyKind);

    public void Wake(string kind)
    {
        wakeups.Publish(Topic);
        lock (gate) kinds.Add(kind);
        Remote.Wake();
    }

    /// <summary>The kinds that other nodes have not been told of over the bus.</summary>
    public IReadOnlyCollection<string> TakeKinds()
    {
        lock (gate)
        {
            var taken = kinds;
            kinds = [];
            return taken;
        }
    }

    public void Dispose()
    {
        Local.Dispose();
        Remote.Dispose();
    }
}
