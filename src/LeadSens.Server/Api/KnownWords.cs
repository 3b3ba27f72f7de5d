namespace LeadSens.Server.Api;

/// <summary>Words that stand when the service starts and not before, such as the names of what is registered.</summary>
internal abstract class KnownWords
{
    public abstract IReadOnlyList<string> All { get; }
}
