using System.Collections.Concurrent;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Control;

/// <summary>The last calls with their bodies, in bounded memory, and exact counts of all.</summary>
internal sealed class CallLog
{
    private const int MostCalls = 50_000;
    private const long MostBodyBytes = 48L * 1024 * 1024;

    private readonly ConcurrentDictionary<(string Vendor, string Endpoint), EndpointCount> counts = new();
    private readonly Queue<LoggedCall> calls = new();
    private readonly Queue<LoggedCall> bodies = new();
    private readonly Lock gate = new();
    private long bodyBytes;

    public long Total { get; private set; }

    public IReadOnlyCollection<EndpointCount> Counts =>
        [.. counts.Values.OrderBy(count => count.Vendor, StringComparer.Ordinal).ThenBy(count => count.Endpoint, StringComparer.Ordinal)];

    public LoggedCall Add(Call call, int status, FaultMode? fault)
    {
        counts.GetOrAdd((call.Vendor, call.Endpoint), static key => new EndpointCount(key.Vendor, key.Endpoint)).Add(status, fault is not null);
        var entry = new LoggedCall(call, status, fault);
        lock (gate)
        {
            Total++;
            calls.Enqueue(entry);
            bodies.Enqueue(entry);
            bodyBytes += entry.Size;
            Forget();
        }

        return entry;
    }

    public IReadOnlyList<LoggedCall> Find(string? vendor, string? path)
    {
        LoggedCall[] all;
        lock (gate)
        {
            all = [.. calls];
        }

        return [.. all.Where(call => (vendor is null || call.Vendor == vendor) && (path is null || call.Path.Contains(path, StringComparison.OrdinalIgnoreCase)))];
    }

    private void Forget()
    {
        if (calls.Count > MostCalls)
        {
            calls.Dequeue();
        }

        while (bodies.Count > MostCalls || bodyBytes > MostBodyBytes)
        {
            var oldest = bodies.Dequeue();
            bodyBytes -= oldest.Size;
            oldest.ForgetBody();
        }
    }
}
