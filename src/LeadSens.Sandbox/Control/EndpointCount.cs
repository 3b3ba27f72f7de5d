using System.Collections.Concurrent;

namespace LeadSens.Sandbox.Control;

/// <summary>Calls of one operation, by the status they were answered with (0: no answer).</summary>
internal sealed class EndpointCount(string vendor, string endpoint)
{
    private long calls;
    private long faults;

    public string Vendor => vendor;
    public string Endpoint => endpoint;
    public long Calls => Interlocked.Read(ref calls);
    public long Faults => Interlocked.Read(ref faults);
    public ConcurrentDictionary<int, long> Statuses { get; } = new();

    public void Add(int status, bool fault)
    {
        Interlocked.Increment(ref calls);
        if (fault)
        {
            Interlocked.Increment(ref faults);
        }

        Statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
    }
}
