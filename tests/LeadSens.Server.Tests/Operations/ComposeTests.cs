extern alias Demo;

using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Demo::LeadSens.Demo;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Connections.Providers.Jina;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.Operations;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace LeadSens.Server.Tests.Operations;

/// <summary>No container engine runs where tests run; the file is kept honest here: by docker-compose itself where it is installed, by what it gives the Server everywhere.</summary>
public sealed class ComposeTests : DatabaseTest, IAsyncLifetime
{
    private static readonly string ComposeFile = Path.Combine(Root, "docker-compose.yml");

    /// <summary>The sections that it sets something in, and what there is to set.</summary>
    private static readonly Dictionary<string, Type[]> Sections = new(StringComparer.Ordinal)
    {
        ["LeadSens"] = [typeof(LeadSensOptions), typeof(DataOptions), typeof(PoolOptions)], ["Web"] = [typeof(WebOptions)], ["Mail"] = [typeof(MailOptions)],
        ["Instantly"] = [typeof(InstantlyOptions)], ["HubSpot"] = [typeof(HubSpotOptions)], ["Mistral"] = [typeof(MistralOptions)],
        ["Jina"] = [typeof(JinaOptions)],
    };

    private readonly string directory = Path.Combine(Path.GetTempPath(), $"leadsens-compose-{Guid.CreateVersion7():N}");

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "LeadSens.sln"))) directory = directory.Parent!;
            return directory.FullName;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void The_compose_file_is_made_of_maps_and_lists_with_the_three_services()
    {
        var lines = File.ReadAllLines(ComposeFile).Where(line => line.Trim().Length > 0 && !line.TrimStart().StartsWith('#')).ToList();

        lines.ShouldAllBe(line => !line.Contains('\t') && Indent(line) % 2 == 0);
        lines.ShouldAllBe(line => line.TrimStart().StartsWith("- ") || line.Contains(':'));
        lines.Zip(lines.Skip(1)).ShouldAllBe(pair => Indent(pair.Second) <= Indent(pair.First) + 2);
        lines.SkipWhile(line => line != "services:").Skip(1).TakeWhile(line => Indent(line) > 0)
            .Where(line => Indent(line) == 2).ShouldBe(["  server:", "  postgres:", "  rabbitmq:"]);
    }

    [Fact]
    public async Task Docker_compose_accepts_the_file_where_it_is_installed()
    {
        if (!File.Exists("/usr/bin/docker-compose")) return;
        var start = new ProcessStartInfo("/usr/bin/docker-compose", ["-f", ComposeFile, "config", "-q"]) { RedirectStandardError = true };
        using var compose = Process.Start(start)!;
        var errors = await compose.StandardError.ReadToEndAsync();
        await compose.WaitForExitAsync();

        compose.ExitCode.ShouldBe(0, errors);
    }

    [Fact]
    public void Every_setting_that_it_gives_is_one_that_the_Server_has_and_the_operators_read_about()
    {
        var operations = File.ReadAllText(Path.Combine(Root, "docs/operations.md"));
        foreach (var name in Given([]).Keys.Concat(Passed()).Concat(Regex.Matches(File.ReadAllText(Path.Combine(Root, "Dockerfile")), @"\b(\w+__\w+)=").Select(match => match.Groups[1].Value)))
        {
            operations.ShouldContain($"`{name}`", Case.Sensitive, $"docs/operations.md says nothing of {name}");
            if (name.Split("__") is [var section, var property, ..])
                Sections[section].SelectMany(type => type.GetProperties()).Select(one => one.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? one.Name).ShouldContain(property, $"there is no {name}");
        }
    }

    [Fact]
    public async Task The_Server_starts_with_what_it_gives()
    {
        var settings = Given([]);
        // Its PostgreSQL and RabbitMQ are elsewhere here; the logins have the same names and rights.
        foreach (var (name, here) in (ReadOnlySpan<(string, string)>)[("LeadSens__Database", Db.ConnectionString), ("LeadSens__DatabaseOwner", Db.OwnerConnectionString)])
        {
            var (given, there) = (new NpgsqlConnectionStringBuilder(settings[name]), new NpgsqlConnectionStringBuilder(here));
            (given.Host, given.Username).ShouldBe(("postgres", there.Username));
            settings[name] = here;
        }

        settings.Remove("LeadSens__Bus").ShouldBeTrue();
        using var server = Start(settings);
        await server.ServerUrlAsync(directory, TimeSpan.FromSeconds(60), default);
        await server.StopAsync(TimeSpan.FromSeconds(30));
        server.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task In_production_whatever_is_not_given_or_stands_in_the_file_is_refused_and_what_is_given_counts()
    {
        using var bare = Start(Given(new() { ["ASPNETCORE_ENVIRONMENT"] = "Production" }));
        await Eventually.Be(() => bare.HasExited, TimeSpan.FromSeconds(60));
        bare.ExitCode.ShouldBe(1);
        foreach (var name in (string[])["LeadSens__Database", "LeadSens__DatabaseOwner", "LeadSens__Bus", "LeadSens__PublicUrl", "LeadSens__EncryptionKey", "Mail__Host", "Instantly__ApiKey", "HubSpot__AccessToken", "Mistral__ApiKey", "Jina__ApiKey"])
            bare.Tail(200).ShouldContain($"  - {name} ");

        var values = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production", ["POSTGRES_PASSWORD"] = "one", ["POSTGRES_SERVER_PASSWORD"] = "two", ["RABBITMQ_PASSWORD"] = "three", ["LeadSens__PublicUrl"] = "https://leads.example",
            ["LeadSens__EncryptionKey"] = new('7', 64), ["LeadSens__SharedAccounts"] = "false", ["Mail__Host"] = "mail.example", ["Mail__From"] = "no-reply@leads.example",
        };
        var given = Given(values);
        // As where it is not there yet: the settings are taken, and the database is looked for.
        foreach (var name in (string[])["LeadSens__Database", "LeadSens__DatabaseOwner"]) given[name] = given[name].Replace("Host=postgres", "Host=127.0.0.1;Port=1", StringComparison.Ordinal);
        using var whole = Start(given, "whole.log");
        await Eventually.Be(() => whole.HasExited, TimeSpan.FromSeconds(60));
        whole.ExitCode.ShouldBe(1);
        whole.Tail(200).ShouldNotContain("configuration_invalid");
        whole.Tail(200).ShouldContain("start_failed: The database cannot be reached");
    }

    private ServiceProcess Start(Dictionary<string, string> settings, string log = "server.log") =>
        ServiceProcess.Start("LeadSens.Server", Path.Combine(directory, log), ["--urls", "http://127.0.0.1:0"],
            settings.ToDictionary(one => one.Key, string? (one) => one.Value).Append(new("LeadSens__DataDirectory", directory)).ToDictionary());

    /// <summary>What the server gets where .env holds these values.</summary>
    private static Dictionary<string, string> Given(Dictionary<string, string> values)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in Variables())
        {
            if (text.Length == 0)
            {
                if (values.TryGetValue(name, out var passed)) given[name] = passed;
                continue;
            }

            given[name] = Regex.Replace(text, @"\$\{(\w+):-([^}]*)\}", match => values.GetValueOrDefault(match.Groups[1].Value, match.Groups[2].Value));
            given[name].ShouldNotContain("$");
        }

        return given;
    }

    /// <summary>What is taken over where it is set.</summary>
    private static IEnumerable<string> Passed() => Variables().Where(one => one.Text.Length == 0).Select(one => one.Name);

    /// <summary>The server's variables, as they stand there.</summary>
    private static IEnumerable<(string Name, string Text)> Variables() => File.ReadAllLines(ComposeFile)
        .SkipWhile(line => line != "  server:").SkipWhile(line => line != "    environment:").Skip(1).TakeWhile(line => Indent(line) > 4).Where(line => !line.TrimStart().StartsWith('#'))
        .Select(line => Regex.Match(line, @"^ +(\w+):\s*""?(.*?)""?(\s+#.*)?$")).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
