using System.Diagnostics;
using System.Text.Json;

namespace LeadSens.Bench.Neighbours;

/// <summary>The attacker: a process of its own, which has what the Server and the customer leave of the machine, as if it had another one.</summary>
internal sealed class Attacks : IDisposable
{
    /// <summary>What the bench is called with to be the attacker.</summary>
    public const string Role = "neighbours-attacker";

    public const string KeyVariable = "NEIGHBOURS_KEY";

    public static readonly IReadOnlyList<string> All = ["loops", "scripts", "creations", "streams", "reads", "posts", "paths"];

    /// <summary>Where the kernel shares processors between sessions first (<c>sched_autogroup_enabled</c>), niceness counts among the processes of one alone: the session has one as well.</summary>
    private const string LeftOvers = "echo 19 2>/dev/null >/proc/self/autogroup; exec nice -n 19 \"$0\" \"$@\"";

    private readonly Process process;
    private readonly Task<string> said;

    private Attacks(Process process) => (this.process, said) = (process, process.StandardOutput.ReadToEndAsync());

    public static Attacks Begin(Uri server, string key, string attacks)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", LeftOvers, "dotnet", typeof(Attacks).Assembly.Location, Role, server.ToString(), attacks])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        start.Environment[KeyVariable] = key;
        return new(Process.Start(start)!);
    }

    /// <summary>What it did, and how often.</summary>
    public async Task<Dictionary<string, int>> EndAsync(CancellationToken cancellationToken)
    {
        process.StandardInput.Close();
        return JsonSerializer.Deserialize<Dictionary<string, int>>(await said.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken))!;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
