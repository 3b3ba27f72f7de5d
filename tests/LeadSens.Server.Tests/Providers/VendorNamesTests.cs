using System.Text.RegularExpressions;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Providers;

/// <summary>A vendor's name stands in its folder and where it is registered.</summary>
public sealed class VendorNamesTests
{
    private const string Vendors = "src/LeadSens.Server/Connections/Providers";

    private static readonly string Root = RootOf(new(AppContext.BaseDirectory));

    private static readonly string Names = string.Join('|', Directory.GetDirectories(Path.Combine(Root, Vendors)).Select(Path.GetFileName));

    /// <summary>What may name vendors all the same, and why.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["src/LeadSens.Server/Connections/AddConnections.cs"] = "registers them",
        ["src/LeadSens.Server/Secrets/SealedColumns.cs"] = "says what a table was called",
        ["src/LeadSens.Activities/PushToInstantly.cs"] = "is named in stored graphs",
    };

    [Fact]
    public void No_vendor_is_named_outside_its_folder()
    {
        var names = new Regex(Names, RegexOptions.IgnoreCase);

        var named = from file in Sources()
            from line in File.ReadLines(Path.Combine(Root, file)).Select((text, index) => (Text: text, Number: index + 1))
            where names.IsMatch(line.Text)
            select $"{file}:{line.Number}: {line.Text.Trim()}";

        named.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_in_the_database_is_named_after_a_vendor()
    {
        await using var db = await TestPostgres.NewDatabaseAsync();

        (await db.ListAsync<string>("""
            select said from (
                select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'
                union all select conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
                union all select indexdef from pg_indexes where schemaname = 'public'
                union all select proname || ': ' || prosrc from pg_proc where pronamespace = 'public'::regnamespace) s (said)
            where said ~* $1
            """, Names)).ShouldBeEmpty();
    }

    [Fact]
    public void No_exception_outlives_its_reason() => Allowed.Keys.ShouldAllBe(file => File.Exists(Path.Combine(Root, file)));

    /// <summary>Migrations are what was.</summary>
    private static IEnumerable<string> Sources() =>
        ((string[])["src/LeadSens.Server", "src/LeadSens.Activities", "src/LeadSens.Demo", "src/LeadSens.Engine", "src/LeadSens.Scripts"])
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, project), "*.*", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(file =>
            Path.GetExtension(file) is ".cs" or ".sql" && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
            && !file.StartsWith(Vendors, StringComparison.Ordinal) && !file.Contains("/Data/Migrations/", StringComparison.Ordinal)
                && !Allowed.ContainsKey(file));

    private static string RootOf(DirectoryInfo place)
    {
        while (!File.Exists(Path.Combine(place.FullName, "LeadSens.sln"))) place = place.Parent!;
        return place.FullName;
    }
}
