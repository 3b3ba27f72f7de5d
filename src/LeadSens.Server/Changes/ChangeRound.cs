using System.Collections.Concurrent;

namespace LeadSens.Server.Changes;

/// <summary>What one look at the database found of a workspace; all who watch it on this node share it.</summary>
/// <param name="period">The watch under which it was noted: nothing is missing between two rounds of one period.</param>
/// <param name="mark">Null while a transaction may go on that has not seen the watch: who is told now is told again once it has ended.</param>
/// <param name="misses">The look before was so long ago that changes in between may have been forgotten.</param>
internal sealed class ChangeRound(string period, ChangeMark? mark, IReadOnlyCollection<Change> changes, bool misses)
{
    private readonly ConcurrentDictionary<object, Lazy<Task>> _made = new();

    public string Period => period;

    public ChangeMark? Mark => mark;

    public IReadOnlyCollection<Change> Changes => changes;

    public bool Misses => misses;

    /// <summary>Made by the first who asks, for all: not with the token of that one.</summary>
    public Task<T> OnceAsync<T>(object key, Func<Task<T>> make) => (Task<T>)_made.GetOrAdd(key, _ => new Lazy<Task>(() => Task.Run(make))).Value;
}
