namespace LeadSens.Server.Changes;

/// <summary>What is told at once.</summary>
/// <param name="Reset">Something may have changed that is not told: whatever is shown has to be read anew.</param>
/// <param name="Round">The last one; its mark is what to resume from.</param>
/// <param name="Changes">Each with the round that it was last seen in.</param>
internal sealed record ToldChanges(bool Reset, ChangeRound Round, IReadOnlyDictionary<Change, ChangeRound> Changes);

/// <summary>Somebody who watches a workspace: what they were not told yet, each thing once, however often it changed.</summary>
/// <param name="only">Null: everything.</param>
/// <param name="resumes">They know up to where they were told and catch up with the rest themselves (<see cref="ChangeHub.CatchUpAsync"/>).</param>
internal sealed class ChangeWatch(ChangeHub hub, Guid workspaceId, bool resumes, Change? only) : IDisposable
{
    /// <summary>Whoever is further behind reads anew.</summary>
    public const int Most = 1_000;

    private readonly Lock _gate = new();
    private Dictionary<Change, ChangeRound> _pending = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChangeRound? _last;
    private string? _period;
    private bool _reset;

    public Guid WorkspaceId => workspaceId;

    /// <summary>Waits for something to tell, at first for the first look; false when there was nothing for so long.</summary>
    public async Task<bool> WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        Task news;
        lock (_gate) news = _news.Task;
        await news.WaitAsync(patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return news.IsCompleted;
    }

    /// <summary>What there is to tell, after <see cref="WaitAsync"/>. It is told from now on.</summary>
    public ToldChanges Take()
    {
        lock (_gate)
        {
            var told = new ToldChanges(_reset, _last!, _pending);
            (_pending, _reset) = ([], false);
            _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return told;
        }
    }

    /// <summary>From where whoever was told everything so far resumes; null where that cannot be said yet.</summary>
    public ChangeMark? Mark
    {
        get
        {
            lock (_gate) return _reset || _pending.Count > 0 ? null : _last?.Mark;
        }
    }

    public void Dispose() => hub.End(this);

    internal void Tell(ChangeRound round)
    {
        lock (_gate)
        {
            var first = _last is null;
            _last = round;
            // A first look says nothing of what was before, and a new period nothing of what was between.
            if (first ? !resumes : round.Misses || round.Mark is not null && _period != round.Period) _reset = true;
            if (round.Mark is not null) _period = round.Period;
            Add(round.Changes, round);
            if (first || _reset || _pending.Count > 0) _news.TrySetResult();
        }
    }

    /// <summary>What was missed; null: nobody knows any more.</summary>
    internal void CatchUp(IReadOnlyCollection<Change>? missed)
    {
        lock (_gate)
        {
            if (missed is null) _reset = true;
            else Add(missed, _last!);
            if (_reset || _pending.Count > 0) _news.TrySetResult();
        }
    }

    private void Add(IReadOnlyCollection<Change> changes, ChangeRound round)
    {
        foreach (var change in changes)
            if (only is null || only == change) _pending[change] = round;
        if (_pending.Count > Most) _reset = true;
        if (_reset) _pending.Clear();
    }
}
