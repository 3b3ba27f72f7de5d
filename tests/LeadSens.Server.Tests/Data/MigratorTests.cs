using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Data;

public sealed class MigratorTests
{
    private static readonly Migration First = new("0001_first", "create table first (id int)");
    private static readonly Migration Second = new("0002_second", "create table second (id int)");

    [Fact]
    public async Task Each_migration_is_applied_once()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var migrator = new Migrator(db.Owner);
        await migrator.MigrateAsync([First], CancellationToken.None);
        await migrator.MigrateAsync([First, Second], CancellationToken.None);
        (await db.ListAsync<string>("select name from schema_migrations order by name")).ShouldBe(["0001_first", "0002_second"]);
    }

    [Fact]
    public async Task An_edited_migration_is_refused_with_its_name()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var migrator = new Migrator(db.Owner);
        await migrator.MigrateAsync([First], CancellationToken.None);
        var refusal = await Should.ThrowAsync<DatabaseException>(() => migrator.MigrateAsync([First with { Sql = "create table other (id int)" }], CancellationToken.None));
        refusal.Message.ShouldContain("0001_first was edited");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var migrator = new Migrator(db.Owner);
        await migrator.MigrateAsync([First, Second], CancellationToken.None);
        var refusal = await Should.ThrowAsync<DatabaseException>(() => migrator.MigrateAsync([First], CancellationToken.None));
        refusal.Message.ShouldContain("0002_second");
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_and_names_itself()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var broken = new Migration("0002_broken", "create table half (id int); select nonsense");
        var refusal = await Should.ThrowAsync<DatabaseException>(() => new Migrator(db.Owner).MigrateAsync([First, broken], CancellationToken.None));
        refusal.Message.ShouldContain("0002_broken");
        (await db.ListAsync<string>("select tablename::text from pg_tables where schemaname = 'public' order by 1")).ShouldBe(["first", "schema_migrations"]);
    }

    [Fact]
    public async Task Two_servers_that_migrate_at_once_take_turns()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Migrator(db.Owner).MigrateAsync(CancellationToken.None)));
        (await db.ScalarAsync<long>("select count(*) from schema_migrations")).ShouldBe(Migration.Embedded().Count + Migration.Functions().Count);
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum() =>
        (First with { Sql = "a\r\nb" }).Checksum.ShouldBe((First with { Sql = "a\nb" }).Checksum);

    [Fact]
    public async Task The_journal_of_earlier_versions_reads_as_it_did()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var migrator = new Migrator(db.Owner);
        await migrator.MigrateAsync([.. Migration.Embedded().Where(migration => string.CompareOrdinal(migration.Name, "0011") < 0)], CancellationToken.None);
        await db.ExecuteAsync("""
            insert into workflow_journal (instance_id, sequence, execution_id, parent_execution_id, node_id, activity_id, activity_type, activity_name, at, event_name, message, payload)
            select md5('instance' || i)::uuid, n, md5(i || 'execution' || n % 7)::uuid, case when n % 7 > 0 then md5(i || 'execution0')::uuid end, 'Workflow1:chart:box' || n % 7, 'box' || n % 7,
                'Test.Box', case when n % 3 = 0 then 'Box ' || n % 7 end, timestamptz '2026-11-20' + n * interval '1.000001 seconds',
                (array['Started', 'Suspended', 'Resumed', 'Completed', 'Faulted', 'Canceled'])[1 + n % 6], case when n % 5 = 0 then 'said "' || n end, case when n % 4 = 0 then '{"n": ' || n || '}' end
            from generate_series(1, 3) i, generate_series(1, 40) n
            """);
        const string read = """
            select instance_id || ' ' || sequence || execution_id || coalesce(parent_execution_id::text, '-') || node_id || activity_id || activity_type || at || event_name
                || coalesce(message, '-') || coalesce(payload, '-') from workflow_journal order by instance_id, sequence
            """;
        var before = await db.ListAsync<string>(read);
        before.Count.ShouldBe(120);
        await migrator.MigrateAsync(CancellationToken.None);
        (await db.ListAsync<string>(read)).ShouldBe(before);
    }
}
