namespace LeadSens.Server.Calls;

/// <summary>A part of a list.</summary>
/// <param name="Next">Names the page behind it; null: there is none. The last one may name one all the same (<see cref="PageWalk"/>).</param>
internal sealed record ProviderPage<T>(IReadOnlyList<T> Items, string? Next);
