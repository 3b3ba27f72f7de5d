namespace LeadSens.Server.Studio;

/// <summary>A whole list, as Elsa's client wants it.</summary>
internal sealed record StudioList<T>(IReadOnlyList<T> Items)
{
    public int Count => Items.Count;
}

internal static class StudioList
{
    public static StudioList<T> Of<T>(params IReadOnlyList<T> items) => new(items);
}
