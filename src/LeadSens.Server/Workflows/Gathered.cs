namespace LeadSens.Server.Workflows;

/// <summary>Writes together what callers ask for at the same time: whoever comes while a write is under way waits for the next one, so that a
/// round trip and a durable commit serve many. Nobody waits when nothing is under way.</summary>
/// <param name="key">Items of one key never share a write.</param>
/// <param name="most">How many items share a write: who comes meanwhile waits for all of them, so a workspace that writes much at once keeps others no longer than so many take.</param>
/// <param name="write">Answers in the order of its items. All of them in one transaction: when one item breaks it, each is written alone. When the
/// connection breaks nobody knows whether it was written, so that all of them are told.</param>
internal sealed class Gathered<TItem, TAnswer>(Func<TItem, object> key, Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> write, int most = 8)
{
    /// <summary>Writes under way at a time: while one waits for the disk, the next is made up.</summary>
    private const int Lanes = 2;

    private readonly Lock _lock = new();
    private readonly Queue<Entry> _waiting = [];
    private int _busy;

    public Task<TAnswer> WriteAsync(TItem item)
    {
        var entry = new Entry(item);
        lock (_lock)
        {
            _waiting.Enqueue(entry);
            if (_busy == Lanes)
                return entry.Answer.Task;
            _busy++;
        }
        _ = WriteAllAsync();
        return entry.Answer.Task;
    }

    private async Task WriteAllAsync()
    {
        // Those who come at the same moment come along.
        await Task.Yield();
        while (Next() is { Count: > 0 } batch)
            await WriteAsync(batch);
    }

    private List<Entry> Next()
    {
        var batch = new List<Entry>();
        var keys = new HashSet<object>();
        lock (_lock)
        {
            while (batch.Count < most && _waiting.TryPeek(out var entry) && keys.Add(key(entry.Item)))
                batch.Add(_waiting.Dequeue());
            if (batch.Count == 0)
                _busy--;
        }
        return batch;
    }

    private async Task WriteAsync(List<Entry> batch)
    {
        try
        {
            var answers = await write([.. batch.Select(entry => entry.Item)]);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Answer.SetResult(answers[i]);
        }
        // What cannot even be put into a statement was not sent.
        catch (Exception error) when (batch.Count > 1 && (error is ArgumentException || error.IsRolledBack()))
        {
            foreach (var entry in batch)
                await WriteAsync([entry]);
        }
        catch (Exception error)
        {
            foreach (var entry in batch)
                entry.Answer.TrySetException(error);
        }
    }

    private sealed record Entry(TItem Item)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
