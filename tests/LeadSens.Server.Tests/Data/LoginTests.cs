extern alias Demo;

using System.Net;
using System.Net.Http.Json;
using Demo::LeadSens.Demo;
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

    /// <summary>The process, with the settings as an installation gives them: whatever the logins may by themselves, statements run as roles that own nothing.</summary>
    [Theory]
    [InlineData("theirs_server", "theirs")]
    [InlineData("theirs", null)]
    [InlineData("theirs", "theirs")]
    [InlineData("superuser", "superuser")]
    public async Task A_Server_in_production_works_as_roles_that_own_nothing(string runtime, string? owner)
    {
        await OwnerAsync("createrole");
        await DoAsync(_cluster.ConnectionString, "create role superuser login superuser password 'theirs'");
        await DoAsync(Administrator, "create extension pg_stat_statements");
        var port = PostgresServer.FreePort();
        using var server = Production(Login(runtime), owner is null ? null : Login(owner), port);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), DefaultRequestHeaders = { Host = "leads.example" } };
        await Eventually.Be(() => IsReadyAsync(http, server), TimeSpan.FromSeconds(60));

        await DoAsync(Administrator, "select pg_stat_statements_reset()");
        (await http.PostAsJsonAsync("/api/auth/login", new { email = "nobody@example.com", password = "no password of anybody" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Be(async () => (await WhoAsync()).Count > 0, TimeSpan.FromSeconds(20));

        (await WhoAsync()).Except([Pools.WorkspaceRole, Pools.SystemRole]).ShouldBeEmpty();
        await server.StopAsync(TimeSpan.FromSeconds(30));
        server.ExitCode.ShouldBe(0, server.Tail());
        if (runtime == "theirs_server") await IsSecuredAsync(Login(runtime), workspace: null);
    }

    [Theory]
    [InlineData("theirs_server", null, "createrole", "set LeadSens__DatabaseOwner")]
    [InlineData("theirs_server", "theirs", "nocreaterole", "CREATEROLE")]
    public async Task A_Server_whose_logins_may_not_do_what_it_takes_says_so_in_one_line_and_exits_with_1(string runtime, string? owner, string may, string words)
    {
        await OwnerAsync(may);
        await DoAsync(_cluster.ConnectionString, "create role theirs_server login password 'theirs'");
        using var server = Production(Login(runtime), owner is null ? null : Login(owner), PostgresServer.FreePort());
        await Eventually.Be(() => server.HasExited, TimeSpan.FromSeconds(60));

        server.ExitCode.ShouldBe(1);
        var said = server.Tail(200);
        said.Split('\n').Where(line => line.StartsWith("start_failed:", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain(words);
        said.ShouldNotContain("   at ", Case.Sensitive, "no stack traces");
    }

    private string Administrator => new NpgsqlConnectionStringBuilder(_cluster.ConnectionString) { Database = "theirs" }.ConnectionString;

    private string Login(string user) => new NpgsqlConnectionStringBuilder(Administrator) { Username = user, Password = "theirs" }.ConnectionString;

    private ServiceProcess Production(string database, string? owner, int port)
    {
        var directory = Path.Combine(_directory, "server");
        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production", ["LeadSens__DataDirectory"] = directory, ["LeadSens__Database"] = database, ["LeadSens__PublicUrl"] = "https://leads.example",
            ["LeadSens__EncryptionKey"] = new('7', 64), ["LeadSens__SharedAccounts"] = "false", ["Mail__Host"] = "127.0.0.1", ["Mail__Tls"] = "none", ["Mail__From"] = "no-reply@leads.example",
        };
        if (owner is not null) settings["LeadSens__DatabaseOwner"] = owner;
        return ServiceProcess.Start("LeadSens.Server", Path.Combine(directory, "server.log"), ["--urls", $"http://127.0.0.1:{port}"], settings);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, ServiceProcess server)
    {
        server.HasExited.ShouldBeFalse(server.Tail());
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>As whom statements about the Server's tables ran.</summary>
    private async Task<List<string>> WhoAsync()
    {
        await using var pool = Pools.Plain(Administrator + ";Pooling=false");
        return await pool.ListAsync("""
            select distinct r.rolname::text from pg_stat_statements s join pg_roles r on r.oid = s.userid
            where s.dbid = (select oid from pg_database where datname = current_database()) and s.query ~* '\m(users|jobs|batches|nodes|connections|erasures|workflow_\w+|webhook_events)\M'
            """, row => row.GetString(0), CancellationToken.None);
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(new DataOptions { DataDirectory = _directory, CountStatements = true }, CancellationToken.None);

    /// <summary>A database of somebody's who is no superuser, and the login that is to be the runtime's.</summary>
    private async Task<(string Owner, string Runtime)> OwnerAsync(string may)
    {
        await DoAsync(_cluster.ConnectionString, $"create role theirs login {may} password 'theirs'");
        await DoAsync(_cluster.ConnectionString, "create database theirs owner theirs");
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

    private static async Task IsSecuredAsync(string runtime, Guid? workspace)
    {
        await using (var plain = Pools.Plain(runtime + ";Pooling=false"))
        {
            await using var command = plain.CreateCommand("""
                select not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication) and not exists (select from pg_class where relowner = r.oid) from pg_roles r where rolname = session_user
                """);
            (await command.ExecuteScalarAsync()).ShouldBe(true, "it is no superuser and owns nothing");
        }

        if (workspace is { } own) await SeesItsOwnAsync(runtime, own);
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
