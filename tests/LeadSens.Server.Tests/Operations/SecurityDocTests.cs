using System.Text.RegularExpressions;

namespace LeadSens.Server.Tests.Operations;

public sealed partial class SecurityDocTests
{
    /// <summary>Each is a row of the last table, by its first words.</summary>
    private static readonly string[] Kinds =
    [
        "foreign workspace ids", "a forgotten where", "four eyes", "rights handed out", "pre-hijacking", "retired keys", "child environments", "lock-out", "GETs that write", "endless scripts", "unfair shares",
        "anonymous amplification", "JSON bombs", "text input", "pool exhaustion", "leases", "lost intents", "deadlocks",
    ];

    private static readonly DirectoryInfo Root = RootOf(new(AppContext.BaseDirectory));

    private static readonly string Document = File.ReadAllText(Path.Combine(Root.FullName, "docs", "security.md"));

    private static readonly ILookup<string, string> Classes = Directory.EnumerateFiles(Path.Combine(Root.FullName, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var named = Named().Matches(Document).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();

        named.Select(test => test.Class).Distinct().Count().ShouldBeGreaterThan(50);
        named.Count(test => test.Method.Length > 0).ShouldBeGreaterThan(20);
        named.Where(test => !Classes[test.Class].Any(text => test.Method.Length == 0 || text.Contains($" {test.Method}(", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_kind_of_fault_has_what_prevents_it_and_a_test_that_holds_it()
    {
        var rows = Row().Matches(Document[Document.IndexOf("## Kinds of faults", StringComparison.Ordinal)..]).Select(match => (Kind: match.Groups[1].Value, Prevented: match.Groups[2].Value, Tests: match.Groups[3].Value)).ToList();

        Kinds.Except(rows.Select(row => row.Kind)).ShouldBeEmpty();
        rows.Where(row => row.Prevented.Length < 20 || !Named().IsMatch(row.Tests)).ShouldBeEmpty();
    }

    private static DirectoryInfo RootOf(DirectoryInfo place)
    {
        while (!File.Exists(Path.Combine(place.FullName, "LeadSens.sln"))) place = place.Parent!;
        return place;
    }

    [GeneratedRegex(@"`([A-Za-z]+Tests)(?:\.(\w+))?`")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| \*\*(.+?)\*\*[^|]* \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
