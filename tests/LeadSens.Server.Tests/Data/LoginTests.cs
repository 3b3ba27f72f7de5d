using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using Npgsql;

namespace LeadSens.Server.Tests.Data;

/// <summary>The logins that an installation may give the Server, each on a cluster of its own: roles are of the whole cluster.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"leadsens-logins-{Guid.CreateVersion7():N}");
    private EmbeddedPostgres _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_data_directory_of_before_there_were_two_logins_gets_the_second_and_keeps_its_rows()
    {
        await MigrateAsync(_cluster.ConnectionString, null, "0031");
        var workspace = Guid.CreateVersion7();
        await DoAsync(_cluster.ConnectionString, $"""
            insert into workspaces (id, name) values ('{workspace}', 'Kept');
            drop owned by leadsens_workspace, leadsens_system; drop role leadsens_workspace, leadsens_system, leadsens_server
            """);
        await _cluster.DisposeAsync();
        File.Delete(Path.Combine(_directory, "postgres.runtime.password"));

        _cluster = await StartAsync();
        await MigrateAsync(_cluster.ConnectionString, _cluster.RuntimeConnectionString);

        await IsSecuredAsync(_cluster.RuntimeConnectionString, workspace);
    }

    [Fact]
    public async Task An_owner_that_is_no_superuser_makes_the_runtimes_login_and_the_roles()
    {
        var (owner, runtime) = await OwnerAsync("createrole");

        await MigrateAsync(owner, runtime);
        await MigrateAsync(owner, runtime);
        await MigrateAsync(runtime, runtime);

        var workspace = Guid.CreateVersion7();
        await DoAsync(owner, $"insert into workspaces (id, name) values ('{workspace}', 'Acme')");
        await IsSecuredAsync(runtime, workspace);
    }

    [Fact]
    public async Task One_login_for_both_is_held_by_the_roles_all_the_same()
    {
        var (owner, _) = await OwnerAsync("createrole");

        await MigrateAsync(owner, owner);

        var workspace = Guid.CreateVersion7();
        await DoAsync(owner, $"insert into workspaces (id, name) values ('{workspace}', 'Acme')");
        await SeesItsOwnAsync(owner, workspace);
    }

    [Fact]
    public async Task An_owner_that_may_make_no_roles_says_so_and_goes_on_once_somebody_made_them()
    {
        var (owner, runtime) = await OwnerAsync("nocreaterole");

        (await Should.ThrowAsync<DatabaseException>(() => MigrateAsync(owner, runtime))).Message.ShouldContain("CREATEROLE");

        await DoAsync(_cluster.ConnectionString, """
            create role theirs_server login password 'theirs';
            create role leadsens_workspace nologin noinherit; create role leadsens_system nologin noinherit;
            grant leadsens_workspace, leadsens_system to theirs_server with inherit true, set true
            """);
        await MigrateAsync(owner, runtime);
        var workspace = Guid.CreateVersion7();
        await DoAsync(owner, $"insert into workspaces (id, name) values ('{workspace}', 'Acme')");
        await IsSecuredAsync(runtime, workspace);
    }

    [Fact]
    public async Task The_runtimes_login_alone_says_what_it_lacks()
    {
        var (owner, runtime) = await OwnerAsync("createrole");
        await DoAsync(_cluster.ConnectionString, "create role theirs_server login password 'theirs'");
        (await Should.ThrowAsync<DatabaseException>(() => MigrateAsync(runtime, runtime))).Message.ShouldContain("set LeadSens__DatabaseOwner");

        await MigrateAsync(owner, runtime, until: "0031");
        (await Should.ThrowAsync<DatabaseException>(() => MigrateAsync(runtime, runtime))).Message.ShouldContain("set LeadSens__DatabaseOwner");
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(new DataOptions { DataDirectory = _directory }, CancellationToken.None);

    /// <summary>A database of somebody's who is no superuser, and the login that is to be the runtime's.</summary>
    private async Task<(string Owner, string Runtime)> OwnerAsync(string may)
    {
        await DoAsync(_cluster.ConnectionString, $"create role theirs login {may} password 'theirs'");
        await DoAsync(_cluster.ConnectionString, "create database theirs owner theirs");
        string Login(string user) => new NpgsqlConnectionStringBuilder(_cluster.ConnectionString) { Username = user, Password = "theirs", Database = "theirs" }.ConnectionString;
        return (Login("theirs"), Login("theirs_server"));
    }

    private static async Task MigrateAsync(string owner, string? runtime, string? until = null)
    {
        await using var pool = Pools.Plain(owner + ";Pooling=false");
        var login = runtime is null ? null : new NpgsqlConnectionStringBuilder(runtime);
        var migrations = Migration.Embedded().Where(migration => until is null || string.CompareOrdinal(migration.Name, until) < 0).ToList();
        await new Migrator(pool, login?.Username, login?.Password).MigrateAsync(migrations, CancellationToken.None);
    }

    private static Task DoAsync(string login, string sql) => TestPostgres.ExecuteAsync(login, sql);

    private static async Task IsSecuredAsync(string runtime, Guid workspace)
    {
        await using (var plain = Pools.Plain(runtime + ";Pooling=false"))
        {
            await using var command = plain.CreateCommand("""
                select not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication) and not exists (select from pg_class where relowner = r.oid) from pg_roles r where rolname = session_user
                """);
            (await command.ExecuteScalarAsync()).ShouldBe(true, "it is no superuser and owns nothing");
        }

        await SeesItsOwnAsync(runtime, workspace);
    }

    private static async Task SeesItsOwnAsync(string runtime, Guid workspace)
    {
        await using var pools = new Pools(runtime, new());
        foreach (var (who, seen) in ((Guid, long)[])[(workspace, 1), (Guid.CreateVersion7(), 0)])
        {
            await using var connection = await pools.OpenWorkspaceAsync(who, false, CancellationToken.None);
            (await connection.FirstAsync("select count(*) from workspaces", row => row.GetInt64(0), CancellationToken.None)).ShouldBe(seen);
        }

        await using var system = await pools.OpenSystemAsync(false, CancellationToken.None);
        (await system.FirstAsync("select count(*) from workspaces", row => row.GetInt64(0), CancellationToken.None)).ShouldBe(1);
    }
}
