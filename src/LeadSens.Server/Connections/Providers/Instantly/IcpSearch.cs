using System.Globalization;
using System.Text.RegularExpressions;
using LeadSens.Server.Campaigns;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Puts an ICP into the words of Instantly's SuperSearch.</summary>
internal static partial class IcpSearch
{
    /// <summary>The upper ends of <see cref="SearchFilters.EmployeeRanges"/>.</summary>
    private static readonly long[] RangeEnds = [25, 100, 250, 1_000, 10_000, 50_000, 100_000, long.MaxValue];

    public static SearchFilters Of(Icp icp)
    {
        var ranges = (icp.CompanySizes ?? []).SelectMany(Ranges).Distinct().ToHashSet();
        return new SearchFilters
        {
            Title = Include(icp.JobTitles),
            Industry = Include(icp.Industries),
            Locations = icp.Countries is { Count: > 0 } countries ? new([.. countries.Select(country => new SearchLocation(country))]) : null,
            EmployeeCount = ranges.Count == 0 ? null : [.. SearchFilters.EmployeeRanges.Where(ranges.Contains)],
            Keywords = HasNoList(icp) ? new(icp.Description!) : null,
        };
    }

    /// <summary>The ranges that a size touches: <c>50-200</c>, <c>1,000+</c>, <c>> 500</c>, <c>25</c>, or a range as Instantly writes it.</summary>
    internal static IEnumerable<string> Ranges(string size)
    {
        if (SearchFilters.EmployeeRanges.Contains(size)) return [size];
        var numbers = Number().Matches(size).Select(Value).ToList();
        if (numbers.Count == 0) return [];
        var isOpen = numbers.Count == 1 && (size.Contains('+', StringComparison.Ordinal) || size.Contains('>', StringComparison.Ordinal));
        var (least, most) = (numbers[0], isOpen ? long.MaxValue : numbers[^1]);
        return SearchFilters.EmployeeRanges.Where((_, i) => RangeEnds[i] > least && (i == 0 ? 0 : RangeEnds[i - 1]) < Math.Max(most, least + 1));
    }

    private static IncludeExclude? Include(IReadOnlyList<string>? values) => values is { Count: > 0 } ? new(values) : null;

    /// <summary>A description alone is all that there is to search by.</summary>
    private static bool HasNoList(Icp icp) => !string.IsNullOrWhiteSpace(icp.Description) && icp.Lists.All(list => list.Values is null or { Count: 0 });

    private static long Value(Match number) =>
        (long)(double.Parse(number.Groups[1].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * (number.Groups[2].Length > 0 ? 1_000 : 1));

    [GeneratedRegex(@"(\d[\d,]*)\s*([kK])?", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Number();
}
