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
    }

    /// <summary>The hosts of whoever names none. A node has one pool, however many runners it has.</summary>
    public static ScriptHosts Shared { get; private set; } = new(new ScriptOptions());

    /// <summary>Gives the process a pool with these options, unless its pool has them.</summary>
    public static ScriptHosts Use(ScriptOptions options)
    {
        if (Shared._options != options) Shared = new ScriptHosts(options);
        return Shared;
    }

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
            Give(scope.TenantId, host);
        }
    }

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
        var share = Math.Max(1, _options.Hosts - 1);
        while (_free.Count > 0)
        {
            var order = _served.ToList();
            if (_waiting.Where(waiter => _held.GetValueOrDefault(waiter.TenantId) < share).MinBy(waiter => order.IndexOf(waiter.TenantId)) is not { } next) return;
            _waiting.Remove(next);
            _held[next.TenantId] = _held.GetValueOrDefault(next.TenantId) + 1;
            Serve(next.TenantId);
            next.Host = _free.MinBy(host => host.BrokenBy == next.TenantId ? 0 : host.IsWarm ? 1 : host.IsRunning ? 2 : 3)!;
            _free.Remove(next.Host);
            next.Granted.Set();
        }
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
