namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Goes from page to page of one list. The last page may name a next one, and that be empty; an empty page in the middle is not the end.</summary>
internal sealed class PageWalk
{
    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private bool wasEmpty;

    /// <param name="from">Where the walk begins; null: at the first page.</param>
    public PageWalk(string? from = null)
    {
        if (from is not null) named.Add(from);
    }

    /// <summary>Why the walk has no end: a page named one that was read before, which would be read for ever. Null: it has one.</summary>
    public ProviderFailure? Failure { get; private set; }

    /// <summary>The cursor of the page behind this one; null where the walk ends.</summary>
    public string? After<T>(InstantlyPage<T> page) where T : class
    {
        var ends = page.Items.Count == 0 && wasEmpty;
        wasEmpty = page.Items.Count == 0;
        if (ends || page.NextStartingAfter is not { Length: > 0 } next) return null;
        if (named.Add(next)) return next;
        if (!wasEmpty) Failure = new(ProviderFailureKind.Unavailable, ProviderNames.Instantly, "instantly named a page again that was read before, so its list has no end.");
        return null;
    }
}
