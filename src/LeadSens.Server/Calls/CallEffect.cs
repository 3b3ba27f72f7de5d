namespace LeadSens.Server.Calls;

/// <summary>What a call changes at the provider, and so what it means when its answer is lost.</summary>
internal enum CallEffect
{
    /// <summary>Nothing that matters: it may be called again (reads, questions to a language model).</summary>
    Read,
    /// <summary>A write that has the same effect when it is repeated (an upsert by a unique property).</summary>
    RepeatableWrite,
    /// <summary>A write that must take effect once: without a clear answer its outcome is unknown.</summary>
    Write,
}
