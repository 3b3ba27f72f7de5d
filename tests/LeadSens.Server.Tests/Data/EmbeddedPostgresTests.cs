using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Data;

/// <summary>Each test starts a cluster of its own, as the Server would.</summary>
public sealed class EmbeddedPostgresTests : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"leadsens-embedded-{Guid.CreateVersion7():N}");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Commits_are_durable()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
            (await db.ScalarAsync<string>($"show {setting}")).ShouldBe("on", setting);
    }

    [Fact]
    public async Task A_stopped_cluster_starts_again_with_its_data()
    {
        await using (var first = await StartAsync())
            await first.WriteAsync("kept");
        File.Exists(Path.Combine(_directory, "postgres", "postmaster.pid")).ShouldBeFalse("it was stopped");
        await using var second = await StartAsync();
        second.Adopted.ShouldBeFalse();
        (await second.ReadAsync()).ShouldBe("kept");
    }

    [Fact]
    public async Task What_outlived_its_server_is_adopted()
    {
        var left = await LeaveRunningAsync();
        await using var next = await StartAsync();
        next.Adopted.ShouldBeTrue();
        PostmasterFile.Read(Path.Combine(next.Root, "postgres"))!.ProcessId.ShouldBe(left);
    }

    [Fact]
    public async Task What_was_killed_with_its_server_starts_again_with_its_data()
    {
        var left = await LeaveRunningAsync();
        await using (var running = await StartAsync())
        {
            await running.WriteAsync("survives");
            Process.GetProcessById(left).Kill();
            await Eventually.Be(() => !PostmasterFile.Read(Path.Combine(running.Root, "postgres"))!.ProcessLives());
        }
        await using var next = await StartAsync();
        next.Adopted.ShouldBeFalse();
        (await next.ReadAsync()).ShouldBe("survives");
    }

    [Fact]
    public async Task What_was_killed_under_its_server_is_revived_at_the_same_address()
    {
        await using var postgres = await StartAsync();
        await postgres.WriteAsync("goes on");
        (await postgres.ReviveAsync(CancellationToken.None)).ShouldBeFalse("it lives");
        var postmaster = PostmasterFile.Read(Path.Combine(postgres.Root, "postgres"))!;
        Process.GetProcessById(postmaster.ProcessId).Kill();
        await Eventually.Be(() => !postmaster.ProcessLives());
        (await postgres.ReviveAsync(CancellationToken.None)).ShouldBeTrue();
        (await postgres.ReadAsync()).ShouldBe("goes on");
        await postgres.DisposeAsync();
        (await postgres.ReviveAsync(CancellationToken.None)).ShouldBeFalse("it was stopped on purpose");
    }

    [Fact]
    public async Task A_cluster_without_its_password_is_not_started()
    {
        await using (await StartAsync()) { }
        File.Delete(Path.Combine(_directory, "postgres.password"));
        (await Should.ThrowAsync<DatabaseException>(StartAsync)).Message.ShouldContain("postgres.password is missing");
        PostmasterFile.Read(Path.Combine(_directory, "postgres")).ShouldBeNull();
    }

    [Fact]
    public async Task A_pid_file_that_names_a_stranger_does_not_stop_the_start()
    {
        await using (await StartAsync()) { }
        var cluster = Path.Combine(_directory, "postgres");
        await File.WriteAllLinesAsync(
            Path.Combine(cluster, "postmaster.pid"), [$"{Environment.ProcessId}", cluster, "1", "1", "", "127.0.0.1", "  123456     987654", "ready   "]);
        await using var next = await StartAsync();
        next.Adopted.ShouldBeFalse();
    }

    [Fact]
    public async Task Another_clusters_postmaster_is_not_adopted()
    {
        await using (await StartAsync()) { }
        await using var stranger = await TestPostgres.BlankDatabaseAsync();
        var foreign = (await stranger.ScalarAsync<string>("show data_directory"))!;
        File.Copy(Path.Combine(foreign, "postmaster.pid"), Path.Combine(_directory, "postgres", "postmaster.pid"));
        var refusal = await Should.ThrowAsync<DatabaseException>(StartAsync);
        refusal.Message.ShouldContain("postmaster.pid");
        (await stranger.ScalarAsync<int>("select 1")).ShouldBe(1, "the stranger was left alone");
    }

    [Fact]
    public async Task A_second_server_is_kept_out()
    {
        await using var first = await StartAsync();
        var refusal = await Should.ThrowAsync<DatabaseException>(StartAsync);
        refusal.Message.ShouldContain($"Another Server (process {Environment.ProcessId})");
    }

    [Fact]
    public async Task Another_major_version_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "postgres"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "postgres", "PG_VERSION"), "17\n");
        await Command.RunAsync(["chown", "-R", Environment.IsPrivilegedProcess ? "65534" : Environment.UserName, Path.Combine(_directory, "postgres")], null, CancellationToken.None);
        var refusal = await Should.ThrowAsync<DatabaseException>(StartAsync);
        refusal.Message.ShouldContain("was written by PostgreSQL 17");
    }

    [Fact]
    public async Task The_programs_are_of_the_version_that_the_data_is_checked_against()
    {
        var said = await Command.RunAsync([Path.Combine(PostgresBinaries.Find(), "bin", "postgres"), "--version"], null, CancellationToken.None);
        said.Output.ShouldStartWith($"postgres (PostgreSQL) {PostgresBinaries.MajorVersion}.");
    }

    [Fact]
    public async Task A_start_that_was_killed_during_initdb_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "postgres.new", "base"));
        await using var postgres = await StartAsync();
        await postgres.WriteAsync("fresh");
    }

    [Fact]
    public async Task A_port_that_was_taken_is_tried_elsewhere()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var home = await PostgresHome.OpenAsync(_directory, CancellationToken.None);
        var ports = new Queue<int>([((IPEndPoint)taken.LocalEndpoint).Port, PostgresServer.FreePort()]);
        var server = new PostgresServer(await BinariesAsync(), home, countStatements: false, ports.Dequeue);
        await server.InitializeAsync("leadsens", home.NewPassword(), CancellationToken.None);
        var (port, refusal) = await server.TryStartAsync(CancellationToken.None);
        await server.StopAsync("immediate");
        refusal.ShouldBeNull();
        port.ShouldNotBe(((IPEndPoint)taken.LocalEndpoint).Port);
    }

    [Fact]
    public async Task Where_the_unprivileged_user_cannot_go_the_data_lives_elsewhere()
    {
        Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var inside = Path.Combine(_directory, "data");
        await using var postgres = await EmbeddedPostgres.StartAsync(new DataOptions { DataDirectory = inside }, CancellationToken.None);
        await postgres.WriteAsync("there");
        if (!Environment.IsPrivilegedProcess)
        {
            postgres.Root.ShouldBe(inside, "an ordinary user reaches what it made");
            return;
        }
        postgres.Root.ShouldStartWith("/var/lib/leadsens-");
        await postgres.DisposeAsync();
        await using var again = await EmbeddedPostgres.StartAsync(new DataOptions { DataDirectory = inside }, CancellationToken.None);
        (await again.ReadAsync()).ShouldBe("there");
        await again.DisposeAsync();
        Directory.Delete(again.Root, recursive: true);
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(new DataOptions { DataDirectory = _directory }, CancellationToken.None);

    private static Task<string> BinariesAsync() => PostgresBinaries.ReachableAsync(PostgresBinaries.Find(), CancellationToken.None);

    /// <summary>What kill -9 of a Server leaves: a running postmaster and a free lock. Answers the postmaster's process.</summary>
    private async Task<int> LeaveRunningAsync()
    {
        using var home = await PostgresHome.OpenAsync(_directory, CancellationToken.None);
        var server = new PostgresServer(await BinariesAsync(), home, countStatements: false);
        await server.InitializeAsync("leadsens", home.NewPassword(), CancellationToken.None);
        await server.TryStartAsync(CancellationToken.None);
        return PostmasterFile.Read(home.Cluster)!.ProcessId;
    }
}

internal static class Note
{
    public static Task WriteAsync(this EmbeddedPostgres postgres, string text) =>
        TestPostgres.ExecuteAsync(postgres.ConnectionString, $"create table note (text text); insert into note values ('{text}')");

    public static async Task<string?> ReadAsync(this EmbeddedPostgres postgres)
    {
        await using var pool = Pools.Plain(postgres.ConnectionString + ";Pooling=false");
        await using var command = pool.CreateCommand("select text from note");
        return (string?)await command.ExecuteScalarAsync();
    }
}
