namespace LeadSens.Engine;

/// <summary>The script hosts of this process. They start when they are first needed, and are shared fairly: one workspace never holds all of them, and who
/// waits is served workspace by workspace.</summary>
public sealed class ScriptHosts : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ScriptOptions _options;
    private readonly List<ScriptHost> _free;
    private readonly Dictionary<Guid, int> _held = [];
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly Queue<Guid> _served = [];

    public ScriptHosts(ScriptOptions options)
    {
        _options = options;
        _free = [.. Enumerable.Range(0, options.Hosts).Select(_ => new ScriptHost(options))];
        Places = new FairPlaces<Guid>(options.Hosts, ShareOf(options), ShareOf(options), BurstPlaces.Credit, TimeProvider.System);
    }

    /// <summary>The hosts of whoever names none. A node has one pool, however many runners it has.</summary>
    public static ScriptHosts Shared { get; private set; } = new(new ScriptOptions());

    /// <summary>Gives the process a pool with these options, unless its pool has them.</summary>
    public static ScriptHosts Use(ScriptOptions options)
    {
        if (Shared._options != options) Shared = new ScriptHosts(options);
        // A thread waits for each host that evaluates; the others have theirs beside them.
        ThreadPool.GetMinThreads(out _, out var io);
        ThreadPool.SetMinThreads(Environment.ProcessorCount + options.Hosts, io);
        return Shared;
    }

    /// <summary>Who may evaluate: as many as there are hosts. Whoever comes with a place finds a host free, so no thread waits for one.</summary>
    internal FairPlaces<Guid> Places { get; }

    /// <summary>The processes that run now.</summary>
    public IReadOnlyList<int> ProcessIds
    {
        get
        {
            lock (_gate) return [.. _free.Where(host => host.IsRunning).Select(host => host.ProcessId!.Value)];
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var host in _free) host.Dispose();
        }
    }

    /// <summary>Evaluates a script in a host.</summary>
    /// <exception cref="ExpressionException">It failed, it was stopped, or no host came free.</exception>
    internal object? Evaluate(ScriptProgram program, Scope scope)
    {
        var host = Take(scope);
        try
        {
            return host.Evaluate(program, scope);
        }
        finally
        {
            scope.Places?.Charge(host.Took);
            Give(scope.TenantId, host);
        }
    }

    private static int ShareOf(ScriptOptions options) => Math.Max(1, options.Hosts - 1);

    private ScriptHost Take(Scope scope)
    {
        using var waiter = new Waiter(scope.TenantId);
        lock (_gate)
        {
            _waiting.AddLast(waiter);
            Dispatch();
        }

        if (waiter.Granted.Wait(_options.Queue)) return waiter.Host!;
        lock (_gate)
        {
            if (waiter.Host is { } late) return late;
            _waiting.Remove(waiter);
        }

        throw new ExpressionException($"JavaScript of {scope.Current.Activity.Title} did not run: no script host came free within {_options.Queue.TotalSeconds} seconds.");
    }

    private void Give(Guid tenantId, ScriptHost host)
    {
        lock (_gate)
        {
            if (--_held[tenantId] == 0) _held.Remove(tenantId);
            _free.Add(host);
            Dispatch();
        }
    }

    /// <summary>Gives free hosts to those who wait: first to the workspace that was served longest ago.</summary>
    private void Dispatch()
    {
        var share = ShareOf(_options);
        while (_free.Count > 0)
        {
            var order = _served.ToList();
            if (_waiting.Where(waiter => _held.GetValueOrDefault(waiter.TenantId) < share).MinBy(waiter => order.IndexOf(waiter.TenantId)) is not { } next) break;
            _waiting.Remove(next);
            _held[next.TenantId] = _held.GetValueOrDefault(next.TenantId) + 1;
            Serve(next.TenantId);
            next.Host = _free.MinBy(host => host.BrokenBy == next.TenantId ? 0 : !host.IsRunning ? 5 : (host.IsWarm ? 1 : 2) + (host.IsSecondary ? 2 : 0))!;
            _free.Remove(next.Host);
            next.Granted.Set();
        }

        // Who comes next does not wait for a start.
        if (_held.Count > 0 && _free.Count > 0 && !_free.Exists(host => host.IsRunning)) _free[0].Launch();
    }

    /// <summary>Remembers who was served, the latest last. Only who waits or holds has to be remembered.</summary>
    private void Serve(Guid tenantId)
    {
        var known = _served.Where(other => other != tenantId && (_held.ContainsKey(other) || _waiting.Any(waiter => waiter.TenantId == other))).ToList();
        _served.Clear();
        foreach (var other in known) _served.Enqueue(other);
        _served.Enqueue(tenantId);
    }

    private sealed class Waiter(Guid tenantId) : IDisposable
    {
        public Guid TenantId => tenantId;
        public ManualResetEventSlim Granted { get; } = new();
        public ScriptHost? Host { get; set; }

        public void Dispose() => Granted.Dispose();
    }
}
