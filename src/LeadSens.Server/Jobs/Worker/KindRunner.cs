using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>One kind's jobs on this node, as the worker that claims them sees it.</summary>
internal abstract class KindRunner(string kind, int concurrency, WakeSignal capacity) : IDisposable
{
    /// <summary>Jobs this short are claimed a whole load ahead, so that the next is there when one ends.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly HashSet<RunningJob> running = [];
    private int load;
    private double averageSeconds = 1;
    private volatile bool wantsEveryPlace;
    private volatile bool isDry = true;

    public string Kind => kind;

    /// <summary>On whose behalf a job of this workspace works; without one it is the Server's own work where the kind is such.</summary>
    public static IDisposable ScopeOf(Guid workspaceId, bool spansWorkspaces) =>
        workspaceId == Guid.Empty && spansWorkspaces ? DatabaseScope.AllWorkspaces() : DatabaseScope.Work(workspaceId);

    public int Concurrency => concurrency;
    public abstract decimal ReservedUsd { get; }
    public abstract bool FinishesAfterCancel { get; }
    public abstract bool SpansWorkspaces { get; }

    /// <summary>Rate limits let no job through before this timestamp.</summary>
    public long NotBefore { get; set; }

    /// <summary>How many jobs it takes now.</summary>
    public int Free
    {
        get
        {
            lock (gate) return Math.Max(0, concurrency + Ahead - load);
        }
    }

    protected int Load
    {
        get
        {
            lock (gate) return load;
        }
    }

    private int Ahead => averageSeconds < Short.TotalSeconds ? concurrency : concurrency / 4;

    public abstract ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken);

    /// <summary>Loads the jobs' inputs and starts them; returns at once.</summary>
    public abstract void Accept(Claim claim);

    public abstract Task StopAsync(TimeSpan grace);

    /// <summary>After a round: whether a job's end is worth a new claim (dry: nothing is due), and whether even one free place is.</summary>
    public void RoundOver(bool dry, bool everyPlace) => (isDry, wantsEveryPlace) = (dry, everyPlace);

    public void AddRunning(List<RunningJob> all)
    {
        lock (gate) all.AddRange(running);
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected void Enter(int jobs)
    {
        lock (gate) load += jobs;
    }

    protected void Track(RunningJob job)
    {
        lock (gate) running.Add(job);
    }

    /// <summary>A job left this node's hands. False: it was the last.</summary>
    protected bool Leave(RunningJob job, TimeSpan took)
    {
        bool wake, more;
        lock (gate)
        {
            load--;
            averageSeconds += (took.TotalSeconds - averageSeconds) * 0.05;
            more = load > 0;
            var free = concurrency + Ahead - load;
            wake = !isDry && free >= (wantsEveryPlace ? 1 : Math.Max(1, Ahead / 2));
        }

        if (wake || !more) capacity.Wake();
        return more;
    }

    /// <summary>Its end is written, or its claim was lost: the lease needs no renewal any more.</summary>
    protected void Forget(RunningJob job)
    {
        lock (gate) running.Remove(job);
    }
}
