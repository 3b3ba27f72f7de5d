namespace LeadSens.Engine;

/// <summary>Places that several may want at the same time. Whoever waits is served key by key in turn, and as long as more than one key wants places, none has more than its share of them,
/// nor holds them for more than its part of the time.</summary>
/// <param name="share">How many places one key may have while others come too.</param>
/// <param name="part">How much of one place's time a key may take on the average while others come too; 1 is one place all the time.</param>
/// <param name="credit">What it may take at once, whatever its part is: what is short, or long and rare, never waits for it.</param>
public sealed class FairPlaces<TKey>(int places, int share, double part, TimeSpan credit, TimeProvider time) where TKey : notnull
{
    /// <summary>For so long after another key came by, a key keeps to its share: the other's next one finds a place at once.</summary>
    private static readonly TimeSpan Company = TimeSpan.FromSeconds(10);

    private const int Remembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, int> _held = [];
    private readonly Dictionary<TKey, (long At, TimeSpan Owed)> _spent = [];
    private readonly Dictionary<TKey, LinkedListNode<Line>> _lines = [];
    private readonly LinkedList<Line> _turns = [];
    private int _taken;
    private (bool Any, TKey Key) _last;
    private long? _company;

    /// <summary>Takes a place; false when none came free in time.</summary>
    /// <exception cref="OperationCanceledException">The caller went away; it has no place.</exception>
    public ValueTask<bool> TakeAsync(TKey key, TimeSpan patience, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            Meet(key);
            if (_taken < places && !_lines.ContainsKey(key) && MayHaveMore(key))
            {
                Give(key);
                return ValueTask.FromResult(true);
            }

            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_lines.TryGetValue(key, out var line)) _lines[key] = line = _turns.AddLast(new Line(key, []));
            line.Value.Waiters.AddLast(waiter);
            // It may be alone again.
            Serve();
        }

        return WaitAsync(key, waiter, patience, cancellationToken);
    }

    /// <summary>How many wait for one of its places.</summary>
    public int Waiting(TKey key)
    {
        lock (_gate) return _lines.TryGetValue(key, out var line) ? line.Value.Waiters.Count : 0;
    }

    /// <summary>Gives a place back that was held for so long. A key that has taken more than its part goes without the place until it has made up for it.</summary>
    public void Return(TKey key, TimeSpan held)
    {
        if (Rest(key, held) is var rest && rest <= TimeSpan.Zero) Return(key);
        else _ = ReturnAsync(key, rest);
    }

    private void Return(TKey key)
    {
        lock (_gate)
        {
            if (--_held[key] == 0) _held.Remove(key);
            _taken--;
            Serve();
        }
    }

    private async Task ReturnAsync(TKey key, TimeSpan rest)
    {
        // Its place is for others meanwhile, its share is not.
        lock (_gate)
        {
            _taken--;
            Serve();
        }

        await Task.Delay(rest, time);
        lock (_gate) _taken++;
        Return(key);
    }

    private TimeSpan Rest(TKey key, TimeSpan held)
    {
        lock (_gate)
        {
            if (_spent.Count >= Remembered) _spent.Clear();
            var owed = (_spent.TryGetValue(key, out var spent) ? spent.Owed - time.GetElapsedTime(spent.At) * part : TimeSpan.Zero) is { Ticks: > 0 } left ? left + held : held;
            _spent[key] = (time.GetTimestamp(), owed);
            return HasCompany && owed > credit ? (owed - credit) / part : TimeSpan.Zero;
        }
    }

    private async ValueTask<bool> WaitAsync(TKey key, TaskCompletionSource waiter, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            if (!Leave(key, waiter)) Return(key);
            if (over is OperationCanceledException) throw;
            return false;
        }
    }

    /// <summary>False when it was served meanwhile.</summary>
    private bool Leave(TKey key, TaskCompletionSource waiter)
    {
        lock (_gate)
        {
            if (waiter.Task.IsCompleted) return false;
            var line = _lines[key];
            line.Value.Waiters.Remove(waiter);
            if (line.Value.Waiters.Count == 0) Close(line);
            return true;
        }
    }

    private void Meet(TKey key)
    {
        if (_last.Any && !EqualityComparer<TKey>.Default.Equals(_last.Key, key)) _company = time.GetTimestamp();
        _last = (true, key);
    }

    private bool HasCompany => _company is { } met && time.GetElapsedTime(met) < Company;

    private bool MayHaveMore(TKey key) => _held.GetValueOrDefault(key) < (HasCompany ? share : places);

    private void Give(TKey key)
    {
        _taken++;
        _held[key] = _held.GetValueOrDefault(key) + 1;
    }

    /// <summary>Gives what is free, one place to each who waits, until nobody may have more.</summary>
    private void Serve()
    {
        for (var passed = 0; _taken < places && passed < _turns.Count;)
        {
            var line = _turns.First!;
            _turns.RemoveFirst();
            _turns.AddLast(line);
            if (!MayHaveMore(line.Value.Key))
            {
                passed++;
                continue;
            }

            passed = 0;
            var waiter = line.Value.Waiters.First!.Value;
            line.Value.Waiters.RemoveFirst();
            if (line.Value.Waiters.Count == 0) Close(line);
            Give(line.Value.Key);
            waiter.SetResult();
        }
    }

    private void Close(LinkedListNode<Line> line)
    {
        _turns.Remove(line);
        _lines.Remove(line.Value.Key);
    }

    private sealed record Line(TKey Key, LinkedList<TaskCompletionSource> Waiters);
}
