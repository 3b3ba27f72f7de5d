namespace LeadSens.Server.Secrets;

/// <summary>A column that holds envelopes of <see cref="SecretBox"/>.</summary>
/// <param name="Keys">The primary key's columns, in the order of <see cref="ContextOf"/>'s values.</param>
internal sealed record SealedColumn(string Table, string Column, params IReadOnlyList<string> Keys)
{
    /// <summary>What binds a value to its row: <c>connections.credentials/0198…/hubspot</c>.</summary>
    public string ContextOf(params ReadOnlySpan<string> keys)
    {
        if (keys.Length != Keys.Count) throw new ArgumentException($"{Table}.{Column} is addressed by {string.Join(", ", Keys)}.", nameof(keys));
        var context = $"{Table}.{Column}";
        foreach (var key in keys) context += $"/{Uri.EscapeDataString(key)}";
        return context;
    }
}
