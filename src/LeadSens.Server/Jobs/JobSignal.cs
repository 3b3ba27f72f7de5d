namespace LeadSens.Server.Jobs;

/// <summary>Wakes the workers when jobs came or may go on. Call it after the commit.</summary>
internal sealed class JobSignal : IDisposable
{
    private const string AnyKind = "any";

    private readonly Lock gate = new();
    private HashSet<string> kinds = [];

    /// <summary>For this node's worker.</summary>
    public WakeSignal Local { get; } = new();

    /// <summary>For the loop that publishes <see cref="WorkAvailable"/>.</summary>
    public WakeSignal Remote { get; } = new();

    /// <summary>Jobs of some kind may go on.</summary>
    public void Wake() => Wake(AnyKind);

    public void Wake(string kind)
    {
        Local.Wake();
        lock (gate) kinds.Add(kind);
        Remote.Wake();
    }

    /// <summary>The kinds that other nodes have not been told of.</summary>
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
