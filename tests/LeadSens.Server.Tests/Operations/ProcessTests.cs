extern alias Demo;

using System.Diagnostics;
using System.Text.Json;
using Demo::LeadSens.Demo;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Operations;

/// <summary>The Server as a process of its own.</summary>
public sealed class ProcessTests : DatabaseTest, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string directory = Path.Combine(Path.GetTempPath(), $"leadsens-process-{Guid.CreateVersion7():N}");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Production_with_everything_wrong_lists_it_all_at_once_without_the_values_and_exits_with_1()
    {
        var wrong = new Dictionary<string, string?>
        {
            ["LeadSens__Database"] = "Password=canary-of-the-database", ["LeadSens__DatabaseOwner"] = "Host=db.example;Username=owner;Password=canary-of-the-owner",
            ["LeadSens__Bus"] = "http://leadsens:canary-of-the-bus@broker", ["LeadSens__PublicUrl"] = "http://leads.example",
            ["LeadSens__EncryptionKey"] = "canary-of-the-key", ["LeadSens__PreviousEncryptionKeys"] = "canary-of-the-previous", ["LeadSens__SandboxUrl"] = "http://127.0.0.1:9",
            ["Mail__Host"] = "mail.example", ["Mail__Tls"] = "sometimes", ["Mail__UserName"] = "leadsens", ["Web__KnownProxies__0"] = "the proxy", ["Web__AllowedOrigins__0"] = "*",
            ["Web__AllowedHosts__0"] = "https://leads.example", ["Web__Limits__Login__Burst"] = "0", ["Web__HeaderSeconds"] = "0", ["Workflows__Concurrency"] = "many",
        };

        using var server = Start(new(wrong) { ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        await Eventually.Be(() => server.HasExited, Patience);

        server.ExitCode.ShouldBe(1);
        var said = server.Tail(200);
        said.ShouldContain("configuration_invalid");
        foreach (var name in wrong.Keys.Where(name => name is not ("Mail__Host" or "Mail__UserName"))) said.ShouldContain($"  - {name} ");
        said.ShouldContain("Mail__From is missing");
        said.ShouldContain("LeadSens__AllowPlainHttp=true");
        said.ShouldNotContain("canary-of");
        said.ShouldNotContain("   at ", Case.Sensitive, "no stack traces");
        File.Exists(Path.Combine(directory, "server.json")).ShouldBeFalse("it never listened");
    }

    [Fact]
    public async Task Production_without_settings_lists_all_that_is_missing_and_exits_with_1()
    {
        using var server = Start(new() { ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        await Eventually.Be(() => server.HasExited, Patience);

        server.ExitCode.ShouldBe(1);
        var said = server.Tail(200);
        foreach (var name in (string[])["LeadSens__PublicUrl", "LeadSens__EncryptionKey", "Mail__Host"]) said.ShouldContain($"  - {name} is missing");
    }

    [Fact]
    public async Task A_sandbox_that_outlived_its_killed_server_is_used_on_and_ends_with_the_next_one()
    {
        var first = Start(Development());
        await first.ServerUrlAsync(directory, Patience, default);
        var sandbox = SandboxId();
        first.Kill();
        first.Dispose();
        Process.GetProcessById(sandbox).HasExited.ShouldBeFalse();

        using var second = Start(Development());
        await second.ServerUrlAsync(directory, Patience, default);
        SandboxId().ShouldBe(sandbox);
        await second.StopAsync(Patience);
        second.ExitCode.ShouldBe(0);
        await Eventually.Be(() => !Directory.Exists($"/proc/{sandbox}"));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=x;Username=x;Password=canary", "cannot be reached")]
    [InlineData(null, "does not let this Server in")]
    public async Task Without_a_database_it_says_so_in_one_line_and_exits_with_1(string? database, string words)
    {
        database ??= new Npgsql.NpgsqlConnectionStringBuilder(Db.ConnectionString) { Password = "canary" }.ConnectionString;
        using var server = Start(new() { ["LeadSens__Database"] = database });
        await Eventually.Be(() => server.HasExited, Patience);

        SaidWhy(server, words);
        server.Tail(200).ShouldNotContain("canary");
    }

    [Fact]
    public async Task On_a_data_directory_in_use_it_says_so_in_one_line_and_exits_with_1()
    {
        Directory.CreateDirectory(directory);
        await using var held = LeadSens.Server.Data.HomeLock.TryTake(Path.Combine(directory, "lock"));
        using var server = Start([]);
        await Eventually.Be(() => server.HasExited, Patience);

        SaidWhy(server, $"Another Server (process {Environment.ProcessId}) uses");
    }

    private static void SaidWhy(ServiceProcess server, string words)
    {
        server.ExitCode.ShouldBe(1);
        var lines = server.Tail(200).Split('\n').Where(line => line.Contains("start_failed", StringComparison.Ordinal) || line.Contains("rror", StringComparison.Ordinal) || line.Contains("xception", StringComparison.Ordinal)).ToList();
        lines.ShouldHaveSingleItem().ShouldContain(words);
        server.Tail(200).ShouldNotContain("   at ", Case.Sensitive, "no stack traces");
    }

    private ServiceProcess Start(Dictionary<string, string?> settings) =>
        ServiceProcess.Start("LeadSens.Server", Path.Combine(directory, "server.log"), ["--urls", "http://127.0.0.1:0"],
            new Dictionary<string, string?>(settings) { ["LeadSens__DataDirectory"] = directory });

    private Dictionary<string, string?> Development() => new() { ["LeadSens__Database"] = Db.ConnectionString };

    private int SandboxId() =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(directory, "sandbox.json"))).GetProperty("ProcessId").GetInt32();
}
