using System.Diagnostics;

namespace LeadSens.Server.Tests.Operations;

/// <summary>No container engine runs where tests run; the same servers are started from packages by other tests, and the file is
/// kept honest here: by docker-compose itself where it is installed, by its own structure everywhere.</summary>
public sealed class ComposeTests
{
    private static readonly string ComposeFile = Path.Combine(Root, "docker-compose.yml");

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "LeadSens.sln"))) directory = directory.Parent!;
            return directory.FullName;
        }
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

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
