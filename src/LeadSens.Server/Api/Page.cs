using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace LeadSens.Server.Api;

/// <summary>One page of a list. The cursor is opaque to the caller; null on the last page.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Makes a page of rows that were read with <c>limit + 1</c>: the surplus row tells that there is more.</summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, string> cursor) =>
        rows.Count <= limit ? new(rows, null) : new([.. rows.Take(limit)], cursor(rows[limit - 1]));
}

/// <summary>The query parameters of a list that is sorted by id: <c>[AsParameters] PageRequest page</c>. <see cref="QueryRules"/> has looked at them.</summary>
/// <param name="Cursor">The nextCursor of the page before; absent: the first page.</param>
/// <param name="Limit">How many rows, 1 to 100; absent: 50.</param>
internal readonly record struct PageRequest(string? Cursor, [Range(1, PageLimits.Most)] int? Limit)
{
    /// <summary>How many rows the caller gets.</summary>
    public int Size => Limit ?? PageLimits.Default;

    /// <summary>The empty id (sorts first) when there is none.</summary>
    public Guid After => Guid.TryParse(Cursor, out var id) ? id : Guid.Empty;
}

/// <summary>Those of a list that is sorted by a number from one on.</summary>
/// <param name="Cursor">The nextCursor of the page before; absent: the first page.</param>
/// <param name="Limit">How many rows, 1 to 100; absent: 50.</param>
internal readonly record struct NumberedPage(string? Cursor, [Range(1, PageLimits.Most)] int? Limit)
{
    public int Size => Limit ?? PageLimits.Default;

    public long After => long.TryParse(Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

internal static class PageLimits
{
    public const int Default = 50, Most = 100;

    public static bool IsPage(Type? type) => type == typeof(PageRequest) || type == typeof(NumberedPage);

    /// <summary>What is wrong with a value in the query; null: nothing.</summary>
    public static string? ProblemOf(Type page, string field, string value) => field switch
    {
        nameof(PageRequest.Limit) => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Most ? null : $"1 to {Most}.",
        nameof(PageRequest.Cursor) => value.Length == 0 || IsCursor(page, value) ? null : "This is no cursor of this list: send the nextCursor of the page before, or nothing.",
        _ => null,
    };

    private static bool IsCursor(Type page, string value) =>
        page == typeof(PageRequest) ? Guid.TryParse(value, out _) : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
