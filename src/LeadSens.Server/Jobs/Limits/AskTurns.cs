namespace LeadSens.Server.Jobs;

/// <summary>Who asks for an account's places on this node asks alone: two that ask together would each count what the other is given, or neither.
/// A fixed number of locks, which accounts share.</summary>
internal sealed class AskTurns
{
    private readonly SemaphoreSlim[] locks = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Dispose of the answer when what was granted is counted.</summary>
    public async ValueTask<IDisposable> TakeAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var turn = new Turn();
        try
        {
            // In one order, so that two askers cannot hold what the other wants.
            foreach (var at in keys.Select(key => (int)((uint)key.GetHashCode(StringComparison.Ordinal) % locks.Length)).Distinct().Order())
            {
                await locks[at].WaitAsync(cancellationToken);
                turn.Add(locks[at]);
            }

            return turn;
        }
        catch (OperationCanceledException)
        {
            turn.Dispose();
            throw;
        }
    }

    private sealed class Turn : IDisposable
    {
        private readonly List<SemaphoreSlim> taken = new(1);

        public void Add(SemaphoreSlim one) => taken.Add(one);

        public void Dispose()
        {
            foreach (var one in taken) one.Release();
            taken.Clear();
        }
    }
}
