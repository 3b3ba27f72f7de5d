using System.Text.RegularExpressions;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Data;

/// <summary>What a function of the database is stands in one file, which is applied again when it changes.</summary>
public sealed partial class FunctionFilesTests : DatabaseTest
{
    private static readonly Migration Answer = new("functions/answer", "-- What it is.\ncreate or replace function answer() returns int language sql as 'select 1'");

    [Fact]
    public async Task Every_function_has_a_file_of_its_own_that_begins_with_its_purpose()
    {
        var files = Migration.Functions();
        files.SelectMany(file => Defined().Matches(file.Sql).Select(match => match.Groups[1].Value)).Order(StringComparer.Ordinal)
            .ShouldBe(await Db.ListAsync<string>("select proname::text from pg_proc where pronamespace = 'public'::regnamespace order by proname::text collate \"C\""));
        foreach (var file in files)
        {
            var name = Defined().Matches(file.Sql).Select(match => match.Groups[1].Value).ShouldHaveSingleItem(file.Name);
            file.Name.ShouldStartWith($"functions/{name}");
            file.Sql.ShouldStartWith("-- ", customMessage: file.Name);
        }
    }

    [Fact]
    public async Task A_file_that_changed_replaces_its_function_and_no_other()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var migrator = new Migrator(db.Owner);
        var other = new Migration("functions/other", Answer.Sql.Replace("answer", "other", StringComparison.Ordinal));
        await migrator.MigrateAsync([], [Answer, other], CancellationToken.None);
        await db.ExecuteAsync("update schema_migrations set applied_at = 'epoch'");

        await migrator.MigrateAsync([], [Answer with { Sql = Answer.Sql.Replace("select 1", "select 2", StringComparison.Ordinal) }, other], CancellationToken.None);

        (await db.ScalarAsync<int>("select answer() * 10 + other()")).ShouldBe(21);
        (await db.ListAsync<string>("select name from schema_migrations where applied_at > 'epoch'")).ShouldBe(["functions/answer"]);
        await migrator.MigrateAsync([], [other], CancellationToken.None);
        (await db.ScalarAsync<int>("select answer()")).ShouldBe(2, "one whose file is gone stays until a migration drops it");
    }

    [GeneratedRegex(@"^create (?:or replace )?function (\w+)", RegexOptions.Multiline)]
    private static partial Regex Defined();
}
