extern alias Demo;

using System.Text.Json;
using System.Text.RegularExpressions;
using Demo::LeadSens.Demo;

namespace LeadSens.Server.Tests.Operations;

/// <summary>What other users of the machine learn from a Server's children and files.</summary>
public sealed class ChildrenTests : IDisposable
{
    private const string Canary = "5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string directory = Path.Combine(Path.GetTempPath(), $"leadsens-children-{Guid.CreateVersion7():N}");

    public void Dispose()
    {
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Children_do_not_inherit_secrets_and_nothing_below_the_data_directory_is_open_to_others()
    {
        var secrets = ((string[])["LeadSens__EncryptionKey", "HubSpot__ApiKey", "PGPASSWORD", "SOMEBODYS_TOKEN"]).ToDictionary(name => name, string? (_) => Canary);
        var log = Path.Combine(directory + "-log", "server.log");
        using var server = ServiceProcess.Start("LeadSens.Server", log, ["--urls", "http://127.0.0.1:0"], new Dictionary<string, string?>(secrets) { ["LeadSens__DataDirectory"] = directory });
        try
        {
            await server.ServerUrlAsync(directory, Patience, default);

            (await File.ReadAllTextAsync($"/proc/{server.Id}/environ")).ShouldContain(Canary, Case.Sensitive, "the Server has it");
            foreach (var child in Children()) (await File.ReadAllTextAsync($"/proc/{child}/environ")).ShouldNotContain(Canary);
            const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
            (File.GetUnixFileMode(directory) & (Others | Group)).ShouldBe(UnixFileMode.None);
            foreach (var file in Directory.EnumerateFileSystemEntries(directory)) (File.GetUnixFileMode(file) & (Others | Group)).ShouldBe(UnixFileMode.None, file);
        }
        finally
        {
            await server.StopAsync(Patience);
            Directory.Delete(directory + "-log", recursive: true);
        }
    }

    [Fact]
    public void Every_process_of_the_service_is_started_by_one_helper()
    {
        var sources = Directory.EnumerateFiles(SourceRoot(), "*.cs", SearchOption.AllDirectories)
            .Where(file => !new[] { "/obj/", "/LeadSens.Demo/", "/ChildProcess.cs" }.Any(part => file.Contains(part, StringComparison.Ordinal)));

        // The Demo is a tool: it hands its own environment to the services that it starts.
        sources.Where(file => Regex.IsMatch(File.ReadAllText(file), @"(?<!Child)Process\.Start\(|new Process\b")).ShouldBeEmpty();
    }

    private IEnumerable<int> Children()
    {
        yield return JsonElement.Parse(File.ReadAllText(Path.Combine(directory, "sandbox.json"))).GetProperty("ProcessId").GetInt32();
        yield return int.Parse(File.ReadLines(Path.Combine(directory, "postgres", "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string SourceRoot()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(place!.FullName, "LeadSens.sln"))) place = place.Parent;
        return Path.Combine(place.FullName, "src");
    }
}
