using System.Globalization;

namespace LeadSens.Server.Changes;

/// <summary>Up to where somebody was told: the database's snapshot, and when that was. What is told next is whatever the snapshot does not see, so that
/// nothing is lost when a transaction that began earlier commits later.</summary>
/// <param name="Second">Since 1970, by the database's clock.</param>
/// <param name="Snapshot">As PostgreSQL writes it: <c>xmin:xmax:xip,xip</c>.</param>
internal sealed record ChangeMark(long Second, string Snapshot)
{
    private const int Longest = 8_192;

    public override string ToString() => $"{Second.ToString(CultureInfo.InvariantCulture)}-{Snapshot}";

    /// <summary>Null for what never was one: PostgreSQL would refuse it with the whole statement.</summary>
    public static ChangeMark? Parse(string? text)
    {
        if (text is not { Length: > 0 and <= Longest } || text.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash)) return null;
        return long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var second) && IsSnapshot(text[(dash + 1)..])
            ? new(second, text[(dash + 1)..]) : null;
    }

    private static bool IsSnapshot(string text)
    {
        if (text.Split(':') is not [var xmin, var xmax, var running] || Number(xmin) is not (> 0 and var low)) return false;
        if (Number(xmax) is not { } high || low > high) return false;
        if (running.Length == 0) return true;
        var last = low - 1;
        foreach (var one in running.Split(','))
        {
            if (Number(one) is not { } xid || xid <= last || xid >= high) return false;
            last = xid;
        }

        return true;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
