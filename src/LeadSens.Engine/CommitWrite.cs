namespace LeadSens.Engine;

/// <summary>Something that an activity wants written in the same transaction as the burst that it runs in. The engine passes it on
/// unopened; the store that commits the burst knows what it is.</summary>
public abstract class CommitWrite
{
    /// <summary>Called by the store once the transaction is durable, for example to wake a worker.</summary>
    public virtual void Committed() { }
}
