using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>A store without durability, for tests and benchmarks. One lock guards all of it.</summary>
public sealed class InMemoryWorkflowStore(TimeProvider time) : WorkflowStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Row> _rows = [];
    private readonly Dictionary<Guid, (Bookmark Bookmark, Row Row, DateTimeOffset? DueAt)> _bookmarks = [];
    private readonly Dictionary<string, HashSet<Guid>> _byKey = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dedupe = new(StringComparer.Ordinal);
    private readonly Dictionary<(Guid, string), Guid> _held = [];
    private long _queued;
    private readonly Dictionary<string, List<Stimulus>> _waiting = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override Task<LeasedInstance?> CreateAsync(NewInstance instance, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Add(instance) is { } row ? Lease(row) : null);
        }
    }

    /// <inheritdoc/>
    public override Task<bool> ExistsAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(_rows.ContainsKey(instanceId));
    }

    /// <inheritdoc/>
    public override Task<LeasedInstance?> AcquireAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(_rows.TryGetValue(instanceId, out var row) && row.HasWork ? Lease(row) : null);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<LeasedInstance>> AcquireAnyAsync(int max, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<LeasedInstance>>([.. _rows.Values.Where(row => row.HasWork).OrderBy(row => row.QueuedAt).Take(max).ToList().Select(Lease)]);
    }

    /// <inheritdoc/>
    public override Task<LeasedInstance?> SeizeAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(_rows.TryGetValue(instanceId, out var row) ? Lease(row) : null);
    }

    /// <inheritdoc/>
    public override Task<Revival> ReviveAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                !_rows.TryGetValue(instanceId, out var row) || !row.HasIncidents ? new Revival(null)
                : row.Token is not null ? new Revival(null, IsBusy: true)
                : Hold(row) ? new Revival(Lease(row))
                : new Revival(null, IsExcluded: true));
        }
    }

    /// <inheritdoc/>
    public override Task<LeasedInstance?> TakeWaitingAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(_rows.TryGetValue(instanceId, out var row) && row is { Token: null, Status: WorkflowStatus.Running, HasWork: false } ? Lease(row) : null);
    }

    /// <inheritdoc/>
    public override Task ReleaseAsync(InstanceLease lease, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(lease.InstanceId, out var row) || row.Token != lease.Token) return Task.CompletedTask;
            row.Token = null;
            if (row is { Status: WorkflowStatus.Finished, Key: { } key } && _held.GetValueOrDefault(key) == lease.InstanceId) _held.Remove(key);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<CommitResult> CommitAsync(BurstCommit commit, CancellationToken cancellationToken)
    {
        CommitResult result;
        lock (_lock)
        {
            if (!_rows.TryGetValue(commit.Lease.InstanceId, out var row) || row.Version != commit.Lease.Version || row.Token != commit.Lease.Token)
                return Task.FromResult(new CommitResult(false, null, []));
            result = Write(row, commit);
        }

        foreach (var write in commit.Writes) write.Committed();
        return Task.FromResult(result);
    }

    /// <inheritdoc/>
    public override Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(Send(stimulus));
    }

    /// <inheritdoc/>
    public override Task<ResumeResult> ResumeAsync(Stimulus stimulus, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var resumed = _byKey.TryGetValue(stimulus.Key, out var ids) ? ids.Select(id => _bookmarks[id].Row).ToList() : [];
            var sent = Send(stimulus);
            return Task.FromResult(new ResumeResult(sent, sent && resumed is [{ HasWork: true } row] ? Lease(row) : null));
        }
    }

    /// <inheritdoc/>
    public override Task<int> FireDueAsync(int max, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var due = _bookmarks.Values.Where(entry => entry.DueAt <= now).OrderBy(entry => entry.DueAt).Take(max).ToList();
            foreach (var entry in due) Resume(entry.Bookmark.Id, null);
            return Task.FromResult(due.Count);
        }
    }

    /// <summary>The journal of an instance, oldest first.</summary>
    public IReadOnlyList<JournalEntry> Journal(Guid instanceId)
    {
        lock (_lock) return _rows.TryGetValue(instanceId, out var row) ? [.. row.Journal] : [];
    }

    /// <summary>The bookmarks that an instance waits on.</summary>
    public IReadOnlyList<Bookmark> Bookmarks(Guid instanceId)
    {
        lock (_lock) return [.. _bookmarks.Values.Where(entry => entry.Row.Instance.Id == instanceId).Select(entry => entry.Bookmark)];
    }

    private CommitResult Write(Row row, BurstCommit commit)
    {
        (row.State, row.Status, row.SubStatus, row.CorrelationId) = (commit.State, commit.Status, commit.SubStatus, commit.CorrelationId);
        row.Version++;
        row.HasIncidents = commit.IncidentCount > 0 && commit is { Status: WorkflowStatus.Running } or { SubStatus: WorkflowSubStatus.Faulted };
        row.Journal.AddRange(commit.Journal);
        row.Inbox.RemoveAll(resumption => commit.ResumptionsConsumed.Contains(resumption.Id));
        foreach (var id in commit.BookmarksBurned)
        {
            Burn(id);
            row.Inbox.RemoveAll(resumption => resumption.BookmarkId == id);
        }

        foreach (var bookmark in commit.BookmarksAdded) Add(bookmark, row);
        foreach (var stimulus in commit.Stimuli) Send(stimulus);
        foreach (var child in commit.Children)
        {
            if (Add(child) is null && child.Refusal is { } refusal) Send(refusal);
        }

        var ended = commit.Status == WorkflowStatus.Finished;
        if (ended && row.Key is { } key) _held.Remove(key);
        if (ended && commit.SubStatus != WorkflowSubStatus.Faulted) Close(row);
        if (!ended && (commit.RunAgain || row.Inbox.Count > 0)) return new CommitResult(true, new InstanceLease(row.Instance.Id, row.Version, row.Token!.Value), [.. row.Inbox]);
        row.Token = null;
        row.QueuedAt = ++_queued;
        return new CommitResult(true, null, []);
    }

    private Row? Add(NewInstance instance)
    {
        var row = new Row(instance) { QueuedAt = ++_queued };
        return !_rows.ContainsKey(instance.Id) && Hold(row) && _rows.TryAdd(instance.Id, row) ? row : null;
    }

    /// <summary>False when another instance holds the row's activation key.</summary>
    private bool Hold(Row row) => row.Key is not { } key || _held.TryAdd(key, row.Instance.Id) || _held[key] == row.Instance.Id;

    private void Add(Bookmark bookmark, Row row)
    {
        _bookmarks.Add(bookmark.Id, (bookmark, row, bookmark.DueIn is { } span ? time.GetUtcNow() + span : null));
        if (!_byKey.TryGetValue(bookmark.Key, out var ids)) _byKey[bookmark.Key] = ids = [];
        ids.Add(bookmark.Id);
        if (!_waiting.TryGetValue(bookmark.Key, out var stimuli)) return;
        foreach (var stimulus in bookmark.Stays ? stimuli.ToList() : stimuli[..1])
        {
            Resume(bookmark.Id, stimulus);
            stimuli.Remove(stimulus);
        }

        if (stimuli.Count == 0) _waiting.Remove(bookmark.Key);
    }

    private bool Send(Stimulus stimulus)
    {
        if (!_dedupe.Add(stimulus.DedupeKey)) return false;
        var found = _byKey.TryGetValue(stimulus.Key, out var ids) ? ids.Where(id => IsFor(stimulus, _bookmarks[id].Row)).ToList() : [];
        foreach (var id in found) Resume(id, stimulus);
        if (found.Count > 0 || stimulus.Kind == StimulusKind.Broadcast) return true;
        if (!_waiting.TryGetValue(stimulus.Key, out var stimuli)) _waiting[stimulus.Key] = stimuli = [];
        stimuli.Add(stimulus);
        return true;
    }

    private static bool IsFor(Stimulus stimulus, Row row) =>
        (stimulus.InstanceId is not { } id || id == row.Instance.Id) && (stimulus.CorrelationId is not { } correlation || correlation == row.CorrelationId);

    /// <summary>Puts a resumption in the inbox of the bookmark's instance, and burns the bookmark unless it stays.</summary>
    private void Resume(Guid bookmarkId, Stimulus? stimulus)
    {
        var (bookmark, row, _) = _bookmarks[bookmarkId];
        var payload = stimulus?.Payload is { } node ? JsonSerializer.SerializeToElement(node) : default;
        row.Inbox.Add(new Resumption(Guid.CreateVersion7(), bookmarkId, payload));
        if (!bookmark.Stays) Burn(bookmarkId);
    }

    private void Burn(Guid id)
    {
        if (!_bookmarks.Remove(id, out var entry)) return;
        var ids = _byKey[entry.Bookmark.Key];
        ids.Remove(id);
        if (ids.Count == 0) _byKey.Remove(entry.Bookmark.Key);
    }

    private void Close(Row row)
    {
        row.Inbox.Clear();
        foreach (var entry in _bookmarks.Values.Where(entry => entry.Row == row).ToList()) Burn(entry.Bookmark.Id);
    }

    private static LeasedInstance Lease(Row row)
    {
        row.Token = Guid.CreateVersion7();
        return new LeasedInstance(new InstanceLease(row.Instance.Id, row.Version, row.Token.Value), row.Instance.TenantId, row.Instance.DefinitionVersionId, row.State, [.. row.Inbox]);
    }

    private sealed class Row(NewInstance instance)
    {
        public NewInstance Instance => instance;
        public (Guid, string)? Key => instance.Activation is { } activation ? (instance.TenantId, activation.Key) : null;
        public byte[] State { get; set; } = instance.State;
        public string? CorrelationId { get; set; } = instance.CorrelationId;
        public WorkflowStatus Status { get; set; }
        public WorkflowSubStatus SubStatus { get; set; }
        public long Version { get; set; }
        public bool HasIncidents { get; set; }
        public long QueuedAt { get; set; }
        public Guid? Token { get; set; }
        public List<Resumption> Inbox { get; } = [];
        public List<JournalEntry> Journal { get; } = [];

        public bool HasWork => Token is null && Status == WorkflowStatus.Running
            && (Inbox.Count > 0 || SubStatus is WorkflowSubStatus.Pending or WorkflowSubStatus.Executing or WorkflowSubStatus.Interrupted);
    }
}
