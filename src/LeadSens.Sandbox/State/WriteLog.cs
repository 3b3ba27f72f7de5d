namespace LeadSens.Sandbox.State;

/// <summary>How often a write with this key took effect, and what it cost in all.</summary>
internal sealed record CountedWrite(string Vendor, string Kind, string Key, long Count, long Amount);

internal sealed record WriteKind(string Vendor, string Kind, long Keys, long Count);

/// <summary>Counts what took effect, for proving that nothing was written twice.</summary>
internal sealed class WriteLog
{
    private readonly Dictionary<(string Vendor, string Kind, string Key), (long Count, long Amount)> writes = [];
    private readonly Lock gate = new();

    public void Add(Write write)
    {
        var key = (write.Vendor, write.Kind, write.Key);
        lock (gate)
        {
            var (count, amount) = writes.GetValueOrDefault(key);
            writes[key] = (count + 1, amount + write.Amount);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            writes.Clear();
        }
    }

    public IReadOnlyList<CountedWrite> Find(string? vendor, string? kind)
    {
        lock (gate)
        {
            return [.. writes
                .Where(write => (vendor is null || write.Key.Vendor == vendor) && (kind is null || write.Key.Kind == kind))
                .Select(write => new CountedWrite(write.Key.Vendor, write.Key.Kind, write.Key.Key, write.Value.Count, write.Value.Amount))];
        }
    }

    public IReadOnlyList<WriteKind> Kinds() =>
        [.. Find(null, null).GroupBy(write => (write.Vendor, write.Kind)).Select(group => new WriteKind(group.Key.Vendor, group.Key.Kind, group.LongCount(), group.Sum(write => write.Count)))];
}
