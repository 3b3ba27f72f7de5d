using System.Text.RegularExpressions;

namespace LeadSens.Server.Tests.Operations;

public sealed partial class SecurityDocTests
{
    [Fact]
    public void Every_test_that_the_security_table_names_is_there()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "LeadSens.sln"))) root = root.Parent;
        var classes = Directory.EnumerateFiles(Path.Combine(root.FullName, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var named = Named().Matches(File.ReadAllText(Path.Combine(root.FullName, "docs", "security.md"))).Select(match => match.Groups[1].Value).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(50);
        named.Where(name => !classes.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex Named();
}
