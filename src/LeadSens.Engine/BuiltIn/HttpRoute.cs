namespace LeadSens.Engine.BuiltIn;

/// <summary>The path of an endpoint: names and parameters, as in <c>orders/{id}/lines</c>. Letter case, and slashes at its ends, do not matter.</summary>
public sealed class HttpRoute
{
    /// <summary>More would make too many ways to read one address.</summary>
    private const int MostSegments = 12, MostParameters = 4;

    private const int LongestPath = 2_048;

    private readonly string[] _segments;

    private HttpRoute(string[] segments) => _segments = segments;

    /// <summary>The path without the names of its parameters: two endpoints of the same form take the same requests.</summary>
    public string Form => string.Join('/', _segments.Select(segment => IsParameter(segment) ? "{}" : segment.ToLowerInvariant()));

    /// <exception cref="FormatException">The path is wrong; the message says how.</exception>
    public static HttpRoute Parse(string? path)
    {
        var text = path?.Trim().Trim('/') ?? "";
        if (text.Length == 0) throw new FormatException("It is empty.");
        var segments = text.Split('/');
        if (segments.Length > MostSegments) throw new FormatException($"It has more than {MostSegments} parts.");
        foreach (var segment in segments) Check(segment);
        var names = segments.Where(IsParameter).Select(Name).ToList();
        if (names.Count > MostParameters) throw new FormatException($"It has more than {MostParameters} parameters.");
        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count ? new(segments) : throw new FormatException("Two of its parameters have one name.");
    }

    /// <summary>The parts of a request's path; null where no endpoint can take it, because it is too long or has too many. Costs nothing that grows with the path.</summary>
    public static IReadOnlyList<string>? PartsOf(string path)
    {
        if (path.Length is 0 or > LongestPath || path.AsSpan().Count('/') > MostSegments + 1) return null;
        var segments = Split(path);
        return segments.Length is 0 or > MostSegments ? null : segments;
    }

    /// <summary>The form that the parts have where these are parameters: the first part is the highest of as many bits as there are parts.</summary>
    public static string FormOf(IReadOnlyList<string> parts, int parameters) =>
        string.Join('/', parts.Select((part, i) => (parameters & 1 << (parts.Count - 1 - i)) != 0 ? "{}" : part.ToLowerInvariant()));

    /// <summary>The parameters that the path of a request, which fits, gives.</summary>
    public IReadOnlyDictionary<string, string> ValuesOf(string path)
    {
        var given = Split(path);
        return _segments.Index().Where(segment => IsParameter(segment.Item)).ToDictionary(segment => Name(segment.Item), segment => given[segment.Index], StringComparer.OrdinalIgnoreCase);
    }

    private static string[] Split(string path) => path.Trim('/') is { Length: > 0 } text ? text.Split('/') : [];

    private static bool IsParameter(string segment) => segment.StartsWith('{');

    private static string Name(string segment) => segment[1..^1];

    private static void Check(string segment)
    {
        if (segment is "" or "." or "..") throw new FormatException("It has an empty part.");
        if (segment.Contains('{', StringComparison.Ordinal) || segment.Contains('}', StringComparison.Ordinal))
        {
            var isWhole = segment.Length > 2 && segment[0] == '{' && segment[^1] == '}' && segment[1..^1].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
            if (!isWhole) throw new FormatException($"'{segment}' is no parameter; one is a whole part, as {{id}}, without rules.");
        }
        else if (!segment.All(c => char.IsLetterOrDigit(c) || "-._~!$'()*+,;=:@ ".Contains(c, StringComparison.Ordinal))) throw new FormatException($"'{segment}' holds characters that no path has.");
    }
}
