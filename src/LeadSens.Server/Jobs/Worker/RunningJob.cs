using System.Text.Json;

namespace LeadSens.Server.Jobs;

/// <summary>A claimed job on its way through this node.</summary>
/// <param name="places">What it holds of its accounts until it ends.</param>
internal sealed class RunningJob(
    ClaimedJob job, Claim claim, long startsAt, JobBudget? budget, IReadOnlyList<Place> places, Action<RunningJob> checkpointed) : JobProgress, IDisposable
{
    private JsonElement? checkpoint;
    private volatile bool hasProgress;
    private readonly Lock gate = new();

    public ClaimedJob Job => job;
    public Claim Claim => claim;
    public IReadOnlyList<Place> Places => places;

    /// <summary>Counted from its last checkpoint.</summary>
    public int Attempt => hasProgress ? 1 : job.Attempt;
    public override JobBudget? Budget => budget;

    /// <summary>Timestamp before which the accounts' rates do not allow it to start.</summary>
    public long StartsAt => startsAt;

    /// <summary>Its accounts are free for others.</summary>
    public void Dispose()
    {
        foreach (var place in places) place.Dispose();
    }

    public override void Checkpoint(JsonElement checkpoint)
    {
        var kept = checkpoint.Clone();
        lock (gate)
        {
            var isFirst = this.checkpoint is null;
            this.checkpoint = kept;
            hasProgress = true;
            if (!isFirst) return;
        }

        checkpointed(this);
    }

    /// <summary>Called before a flush: a checkpoint that comes after it is a new one.</summary>
    public JsonElement? TakeCheckpoint()
    {
        lock (gate)
        {
            var taken = checkpoint;
            checkpoint = null;
            return taken;
        }
    }
}

/// <summary>A checkpoint on its way to the database.</summary>
internal readonly record struct StoredCheckpoint(RunningJob Running, JsonElement Value);

/// <summary>An attempt that is over.</summary>
/// <param name="Ended">What to save when it ended for good.</param>
internal readonly record struct AttemptEnd<TResult>(RunningJob Running, JobMove Move, EndedJob<TResult>? Ended);
