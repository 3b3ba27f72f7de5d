namespace LeadSens.Server.Calls;

/// <summary>Goes from page to page of one list. The last page may name a next one, and that be empty; an empty page in the middle is not the end. A list that has none is
/// given up: pages that lead in circles, and more of them than what they hold can fill.</summary>
internal sealed class PageWalk
{
    /// <summary>More than any account has under a name that stands once.</summary>
    public const int FewPages = 500;

    /// <summary>Beyond one for each entry.</summary>
    private const int Spare = 200;

    private readonly string provider;
    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private readonly long most;
    private long read;
    private bool wasEmpty;

    /// <param name="most">Pages.</param>
    /// <param name="from">Where the walk begins; null: at the first page.</param>
    public PageWalk(string provider, long most, string? from = null)
    {
        (this.provider, this.most) = (provider, most);
        if (from is not null) named.Add(from);
    }

    /// <summary>Through a list of no more than so many entries.</summary>
    public static PageWalk Through(string provider, long entries, string? from = null) => new(provider, entries + Spare, from);

    /// <summary>Why the walk has no end: a page named one that was read before, or one after another names a next. Null: it has one.</summary>
    public ProviderFailure? Failure { get; private set; }

    /// <summary>The cursor of the page behind this one; null where the walk ends.</summary>
    public string? After<T>(ProviderPage<T> page)
    {
        var ends = page.Items.Count == 0 && wasEmpty;
        wasEmpty = page.Items.Count == 0;
        if (ends || page.Next is not { Length: > 0 } next) return null;
        if (!named.Add(next)) return wasEmpty ? null : End($"{provider} named a page again that was read before, so its list has no end.");
        return ++read < most ? next : End($"{provider} named a page after {read}, which is more than its list can fill.");
    }

    private string? End(string why)
    {
        Failure = new(ProviderFailureKind.Unavailable, provider, why);
        return null;
    }
}
