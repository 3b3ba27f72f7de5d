using LeadSens.Server.Data;

namespace LeadSens.Server.Changes;

/// <summary>Looks once a second what changed in the workspaces that somebody watches on this node, in one statement for all of them, and tells whoever
/// watches. While nobody does it asks nothing.</summary>
internal sealed class ChangeHub(SystemDatabase database, TimeProvider time, ILogger<ChangeHub> log) : BackgroundService
{
    /// <summary>How often it looks; nobody is told twice of one thing within that time.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Who comes is told at once, but a crowd is not looked at one by one.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);

    private const int MostWatchers = 1_000;
    private const int Portion = 5_000;
    private static readonly TimeSpan WatchLasts = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);

    /// <summary>Changes are kept for so long; marks are taken a little shorter.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OldestMark = TimeSpan.FromMinutes(9);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Watched> _watched = [];
    private readonly SemaphoreSlim _came = new(0, 1);
    private readonly Queue<(long At, string Running)> _horizons = new();
    private ChangeMark? _seen;

    /// <summary>From now on until it is disposed of somebody watches. Null: too many do already.</summary>
    public ChangeWatch? Begin(Guid workspaceId, bool resumes = false, Change? only = null)
    {
        var watch = new ChangeWatch(this, workspaceId, resumes, only);
        lock (_gate)
        {
            if (!_watched.TryGetValue(workspaceId, out var watched)) _watched.Add(workspaceId, watched = new());
            if (watched.Watchers.Count >= MostWatchers) return null;
            watched.Watchers.Add(watch);
            if (_came.CurrentCount == 0) _came.Release();
        }
        return watch;
    }

    /// <summary>Tells a watch what it missed since the mark. To be called once it was told something: what changes from then on it hears by itself.</summary>
    public async Task CatchUpAsync(ChangeWatch watch, ChangeMark mark, CancellationToken cancellationToken)
    {
        var missed = await ChangeSql.SinceAsync(database, watch.WorkspaceId, mark, OldestMark, ChangeWatch.Most + 1, cancellationToken);
        watch.CatchUp(missed?.Count > ChangeWatch.Most ? null : missed);
    }

    public override void Dispose()
    {
        base.Dispose();
        _came.Dispose();
    }

    internal void End(ChangeWatch watch)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(watch.WorkspaceId, out var watched)) return;
            watched.Watchers.Remove(watch);
            if (watched.Watchers.Count == 0) _watched.Remove(watch.WorkspaceId);
        }
    }

    /// <summary>One look.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        Guid[] all, due;
        lock (_gate)
        {
            all = [.. _watched.Keys];
            due = [.. _watched.Where(one => one.Value.RenewedAt is not { } at || time.GetElapsedTime(at) > RenewEvery).Select(one => one.Key)];
        }

        if (all.Length == 0)
        {
            _seen = null;
            return;
        }

        if (due.Length > 0) await RenewAsync(due, cancellationToken);
        if (await ChangeSql.LookAsync(database, all, _seen?.Snapshot, cancellationToken) is not { } seen) return;
        // Another node may have kept the watch, and have forgotten what this one was not told.
        var misses = _seen is { } before && seen.Mark.Second - before.Second > OldestMark.TotalSeconds;
        _seen = seen.Mark;
        foreach (var workspace in seen.Workspaces) Tell(workspace.Id, new(workspace.Period, workspace.Settled ? seen.Mark : null, workspace.Changes, misses));
        Guid[] open = [.. seen.Workspaces.Where(workspace => !workspace.Settled).Select(workspace => workspace.Id)];
        if (open.Length > 0) await ChangeSql.SettleAsync(database, open, cancellationToken);
    }

    /// <summary>Whatever was noted before all that ran <see cref="Keep"/> ago had ended.</summary>
    internal async Task ForgetAsync(CancellationToken cancellationToken)
    {
        while (_horizons.Count > 1 && time.GetElapsedTime(_horizons.ElementAt(1).At) > Keep) _horizons.Dequeue();
        var before = _horizons.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Keep ? oldest.Running : "3";
        var (gone, running) = await ChangeSql.ForgetAsync(database, before, Portion, cancellationToken);
        _horizons.Enqueue((time.GetTimestamp(), running));
        while (gone == Portion) (gone, _) = await ChangeSql.ForgetAsync(database, before, Portion, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? forgot = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
                if (forgot is null || time.GetElapsedTime(forgot.Value) > ForgetEvery)
                {
                    forgot = time.GetTimestamp();
                    await ForgetAsync(stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The next look begins where the last one that came through ended.
                log.ChangesNotRead(failure);
            }

            await Task.Delay(Least, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)_came.WaitAsync(Every - Least, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RenewAsync(Guid[] workspaces, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        await ChangeSql.RenewAsync(database, workspaces, WatchLasts, cancellationToken);
        lock (_gate)
        {
            foreach (var workspace in workspaces)
                if (_watched.TryGetValue(workspace, out var watched)) watched.RenewedAt = now;
        }
    }

    private void Tell(Guid workspaceId, ChangeRound round)
    {
        ChangeWatch[] watchers;
        lock (_gate) watchers = _watched.TryGetValue(workspaceId, out var watched) ? [.. watched.Watchers] : [];
        foreach (var watcher in watchers) watcher.Tell(round);
    }

    private sealed class Watched
    {
        public HashSet<ChangeWatch> Watchers { get; } = [];
        public long? RenewedAt { get; set; }
    }
}
