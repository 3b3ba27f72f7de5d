using System.Text.Json.Nodes;
using LeadSens.Bench.Workflows;
using LeadSens.Demo;

namespace LeadSens.Bench.Auth;

/// <summary>Signing in and what it costs to know who calls: login, refresh and a read over HTTP on a warm Server; the check by itself; and how long
/// another node goes on to let a session in that has ended here.</summary>
internal sealed class AuthScenario : Scenario
{
    /// <summary>One client stands for thousands here: it is not to be slowed down.</summary>
    private static readonly Dictionary<string, string?> Settings = new[] { "Address", "Caller", "Login", "LoginToAccount", "Register", "Refresh" }
        .SelectMany(rule => new[] { $"Web__Limits__{rule}__Burst", $"Web__Limits__{rule}__PerMinute" }).ToDictionary(name => name, _ => (string?)"10000000");

    public override string Name => "auth";
    public override string Summary => "login, refresh, authorised read: p50 and p99; the authorisation check alone; revocation on another node";
    public override string Options => "[--reads 5000] [--refreshes 500] [--logins 60] [--revocations 100]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var (reads, refreshes) = (arguments.Number("reads", 5_000), arguments.Number("refreshes", 500));
        var (logins, revocations) = (arguments.Number("logins", 60), arguments.Number("revocations", 100));
        var figures = new JsonObject();

        await using var stack = await ThrowAwayStack.StartAsync("auth", cancellationToken);
        var node = await stack.StartServerAsync("server", Settings, cancellationToken);
        var other = await stack.StartServerAsync("other", new Dictionary<string, string?>(Settings) { ["LeadSens__Database"] = node.EmbeddedDatabase() }, cancellationToken);
        using var client = new AuthClient(node.Api.Server);
        using var process = ProcessFigures.Watch(node.Process.Id);
        await client.RegisterAsync(node.EmbeddedDatabase(), cancellationToken);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        Add(figures, "login", await client.LoginsAsync(logins, cancellationToken));
        Add(figures, "refresh", await client.RefreshesAsync(refreshes, cancellationToken));
        Add(figures, "read", await client.ReadsAsync(reads, cancellationToken));
        var (seconds, cpu, memory) = (System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, process.CpuSeconds, process.PeakMemoryMb);
        Add(figures, "revokedElsewhere", await client.RevocationsAsync(other.Api.Server, revocations, cancellationToken));

        var check = await CheckedReads.RunAsync(node.EmbeddedDatabase(), reads, cancellationToken);
        foreach (var (name, microseconds) in check) figures[name] = Math.Round(microseconds, 1);
        return new(new() { ["reads"] = reads, ["refreshes"] = refreshes, ["logins"] = logins, ["revocations"] = revocations }, seconds, cpu, memory, figures, [])
        {
            Targets = CheckedReads.Added.ToDictionary(name => name, _ => "<= 50"),
        };
    }

    private static void Add(JsonObject figures, string what, double[] milliseconds)
    {
        figures[$"{what}P50Ms"] = Math.Round(Statistics.Percentile(milliseconds, 0.5), 3);
        figures[$"{what}P99Ms"] = Math.Round(Statistics.Percentile(milliseconds, 0.99), 3);
    }
}
