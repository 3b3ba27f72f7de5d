namespace LeadSens.Engine;

/// <summary>Looks at the hosts that evaluate, on a thread of its own, so that it sees them also when no other thread is free.</summary>
internal static class ScriptWatch
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private static readonly Lock Gate = new();
    private static readonly List<ScriptHost> Watched = [];
    private static readonly ManualResetEventSlim Work = new();
    private static bool _started;

    public static void Add(ScriptHost host)
    {
        lock (Gate)
        {
            Watched.Add(host);
            if (!_started) new Thread(Watch) { IsBackground = true, Name = "scripts" }.Start();
            _started = true;
        }

        if (!Work.IsSet) Work.Set();
    }

    /// <summary>After this the host is not killed any more.</summary>
    public static void Remove(ScriptHost host)
    {
        lock (Gate) Watched.Remove(host);
    }

    public static bool Watches(ScriptHost host)
    {
        lock (Gate) return Watched.Contains(host);
    }

    private static void Watch()
    {
        using var beat = new ManualResetEventSlim();
        for (var idle = 0; ; idle++)
        {
            beat.Wait(Beat);
            lock (Gate)
            {
                foreach (var host in Watched) host.Check();
                if (Watched.Count > 0) idle = 0;
                if (idle > 100) Work.Reset();
            }

            if (Work.IsSet) continue;
            Work.Wait();
            idle = 0;
        }
    }
}
