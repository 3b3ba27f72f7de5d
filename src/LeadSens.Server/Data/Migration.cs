using System.Security.Cryptography;
using System.Text;

namespace LeadSens.Server.Data;

/// <summary>One numbered SQL file.</summary>
internal sealed record Migration(string Name, string Sql)
{
    /// <summary>SHA-256 of the text; line ends do not count, git may change them.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>What the names of functions begin with in the table of what was applied.</summary>
    public const string FunctionPrefix = "functions/";

    /// <summary>The files of Data/Migrations, in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> Embedded() => Embedded(".Data.Migrations.", "");

    /// <summary>The functions of the database as they are now, each a file of Data/Functions: applied again whenever its text changes.</summary>
    public static IReadOnlyList<Migration> Functions() => Embedded(".Data.Functions.", FunctionPrefix);

    private static IReadOnlyList<Migration> Embedded(string folder, string prefix)
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(folder, StringComparison.Ordinal))
            .Select(name => new Migration(
                prefix + name[(name.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..^".sql".Length],
                Read(assembly.GetManifestResourceStream(name)!)))
            .OrderBy(migration => migration.Name, StringComparer.Ordinal)];
    }

    /// <summary>What is run after all of them: Data/RowSecurity.sql, Data/FirstStatistics.sql.</summary>
    public static string Afterwards(string name)
    {
        var assembly = typeof(Migration).Assembly;
        return Read(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(resource => resource.EndsWith($".Data.{name}.sql", StringComparison.Ordinal)))!);
    }

    private static string Read(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
