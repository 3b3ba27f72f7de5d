namespace LeadSens.Server.Jobs;

/// <summary>What a kind's next flush writes.</summary>
internal sealed class ResultBuffer<TResult> : IDisposable
{
    private const int UrgentAt = 512;

    private readonly Lock gate = new();
    private readonly WakeSignal arrived = new();
    private readonly WakeSignal urgent = new();
    private List<AttemptEnd<TResult>> ends = [];
    private readonly List<RunningJob> checkpoints = [];

    public void Add(AttemptEnd<TResult> end, bool atOnce)
    {
        int count;
        lock (gate)
        {
            ends.Add(end);
            count = ends.Count;
        }

        if (count == 1) arrived.Wake();
        if (atOnce || count == UrgentAt) urgent.Wake();
    }

    public void AddCheckpoint(RunningJob running)
    {
        lock (gate) checkpoints.Add(running);
        arrived.Wake();
    }

    public void Hurry()
    {
        arrived.Wake();
        urgent.Wake();
    }

    /// <summary>Waits for the first entry and then, for others to join it, at most so long.</summary>
    public async Task<Flush<TResult>> TakeAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await arrived.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        await urgent.WaitAsync(delay, cancellationToken);
        return Take();
    }

    public Flush<TResult> Take()
    {
        lock (gate)
        {
            var stored = new List<StoredCheckpoint>(checkpoints.Count);
            foreach (var running in checkpoints)
                if (running.TakeCheckpoint() is { } checkpoint) stored.Add(new(running, checkpoint));
            checkpoints.Clear();
            var taken = ends;
            ends = [];
            return new(taken, stored);
        }
    }

    public void Dispose()
    {
        arrived.Dispose();
        urgent.Dispose();
    }
}

/// <summary>What one transaction writes.</summary>
internal sealed record Flush<TResult>(IReadOnlyList<AttemptEnd<TResult>> Ends, IReadOnlyList<StoredCheckpoint> Checkpoints);
