namespace LeadSens.Server.Api;

/// <summary>One page of a list. The cursor is opaque to the caller; null on the last page.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Makes a page of rows that were read with <c>limit + 1</c>: the surplus row tells that there is more.</summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, string> cursor) =>
        rows.Count <= limit ? new(rows, null) : new([.. rows.Take(limit)], cursor(rows[limit - 1]));
}

/// <summary>The query parameters of a list: <c>[AsParameters] PageRequest page</c>.</summary>
internal readonly record struct PageRequest(string? Cursor, int? Limit)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;

    /// <summary>How many rows the caller gets; what is out of range is brought into it.</summary>
    public int Size => Math.Clamp(Limit ?? DefaultLimit, 1, MaxLimit);

    /// <summary>The cursor of a list that is sorted by id; the empty id (sorts first) when there is none or it cannot be read.</summary>
    public Guid After => Guid.TryParse(Cursor, out var id) ? id : Guid.Empty;
}
