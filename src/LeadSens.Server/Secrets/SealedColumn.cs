namespace LeadSens.Server.Secrets;

/// <summary>A column that holds envelopes of <see cref="SecretBox"/>.</summary>
/// <param name="Keys">The columns that a value is bound to: the primary key's at least, in the order of <see cref="ContextOf"/>'s values.</param>
internal sealed record SealedColumn(string Table, string Column, params IReadOnlyList<string> Keys)
{
    /// <summary>Rises when the keys change.</summary>
    public byte Version { get; init; } = SecretBox.FirstVersion;

    /// <summary>What values of the version before are bound to. They are sealed again at the start of a Server and open nowhere else.</summary>
    public IReadOnlyList<string>? FormerKeys { get; init; }

    /// <summary>Which table those values name; this one where nothing else is said.</summary>
    public string? FormerTable { get; init; }

    /// <summary>The columns by which a walk goes from row to row: an index has them in this order, and none is null. The keys where nothing else is said.</summary>
    public IReadOnlyList<string> RowKeys { get => field ?? Keys; init; }

    public string RowList => string.Join(", ", RowKeys);

    public string RowAsTexts => $"array[{string.Join(", ", RowKeys.Select(key => $"{key}::text"))}]";

    public string KeysAsTexts => $"array[{string.Join(", ", Keys.Select(key => $"coalesce({key}::text, '')"))}]";

    /// <summary>Conditions in SQL; $1 is the id of the key that there should be.</summary>
    public string IsOfAnotherKey => $"{Column} is not null and substring({Column} from 2 for {MasterKey.IdBytes}) <> $1";

    public string IsOfAnotherVersion => $"{Column} is not null and substring({Column} from 1 for 1) <> '\\x{Version:x2}'";

    /// <summary>What binds a value to its row: <c>connections.credentials/0198…/0198…</c>.</summary>
    public string ContextOf(params ReadOnlySpan<string> keys)
    {
        if (keys.Length != Keys.Count) throw new ArgumentException($"{Table}.{Column} is addressed by {string.Join(", ", Keys)}.", nameof(keys));
        return Context(Table, keys);
    }

    /// <summary>As values of the version before were bound.</summary>
    public string FormerContextOf(IReadOnlyList<string> keys) =>
        Context(FormerTable ?? Table, [.. FormerKeys!.Select(former => keys[Keys.ToList().IndexOf(former)])]);

    private string Context(string table, ReadOnlySpan<string> keys)
    {
        var context = $"{table}.{Column}";
        foreach (var key in keys) context += $"/{Uri.EscapeDataString(key)}";
        return context;
    }
}
