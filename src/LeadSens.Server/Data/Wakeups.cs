using System.Collections.Concurrent;
using System.Threading.Channels;

namespace LeadSens.Server.Data;

/// <summary>Tells sleeping loops that there is work: those of this process at once, those of the other nodes by one debounced NOTIFY per
/// node. A hint only: every loop also looks by itself, so a lost one costs a second.</summary>
internal sealed class Wakeups
{
    private readonly ConcurrentDictionary<string, Action> _loops = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _outgoing = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Names what a loop works on; <paramref name="wake"/> must return at once.</summary>
    public void Subscribe(string topic, Action wake) => _loops.AddOrUpdate(topic, wake, (_, others) => others + wake);

    /// <summary>To be called after the commit that made the work.</summary>
    public void Publish(string topic)
    {
        Wake(topic);
        if (_outgoing.TryAdd(topic, true))
            _wanted.Writer.TryWrite(true);
    }

    internal void Wake(string topic)
    {
        if (_loops.TryGetValue(topic, out var wake))
            wake();
    }

    internal void WakeAll()
    {
        foreach (var topic in _loops.Keys)
            Wake(topic);
    }

    /// <summary>Waits until there is something to tell the other nodes.</summary>
    internal async Task<IReadOnlyList<string>> TakeOutgoingAsync(CancellationToken cancellationToken)
    {
        await _wanted.Reader.ReadAsync(cancellationToken);
        var topics = _outgoing.Keys.ToList();
        foreach (var topic in topics)
            _outgoing.TryRemove(topic, out _);
        return topics;
    }
}
