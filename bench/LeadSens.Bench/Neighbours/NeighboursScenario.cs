using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Demo;
using LeadSens.Server.Identity;
using Npgsql;

namespace LeadSens.Bench.Neighbours;

/// <summary>A customer's work on a Server, alone and then beside a workspace that does whatever a tenant may do to have the Server for itself.</summary>
internal sealed class NeighboursScenario : Scenario
{
    private const double MostTimes = 2;
    private const int Latency = 20;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    private static readonly string[] Measured = ["run start p99", "read p99", "campaign"];

    public override string Name => "neighbours";
    public override string Summary => "a customer's run starts, reads and campaigns, alone and beside an attacker's workspace: each at most twice as long";
    public override string Options => "[--rounds 3] [--seconds 10] [--leads 300] [--attacks loops,scripts,creations,streams,reads,posts,paths]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var (rounds, seconds, leads) = (arguments.Number("rounds", 3), arguments.Number("seconds", 10), arguments.Number("leads", 300));
        var attacks = arguments.Text("attacks", string.Join(',', Attacks.All));

        await using var stack = await ThrowAwayStack.StartAsync("neighbours", cancellationToken);
        var node = await stack.StartServerAsync("server", new Dictionary<string, string?> { ["Logging__LogLevel__Default"] = "Warning" }, cancellationToken);
        await stack.SetLatencyAsync(Latency, cancellationToken);
        using var customer = new Customer(node.Api, leads);
        await customer.SettleInAsync(cancellationToken);
        var key = await OpenWorkspaceAsync(node.EmbeddedDatabase(), cancellationToken);

        var started = Stopwatch.GetTimestamp();
        using var process = ProcessFigures.Watch(node.Process.Id);
        var (alone, beside, did) = (new WorkTimes(), new WorkTimes(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var round = 0; round < rounds; round++)
        {
            await Task.Delay(Settle, TimeProvider.System, cancellationToken);
            await customer.WorkAsync(alone, TimeSpan.FromSeconds(seconds), cancellationToken);
            using var attacker = Attacks.Begin(node.Api.Server, key, attacks);
            await Task.Delay(Settle, TimeProvider.System, cancellationToken);
            await customer.WorkAsync(beside, TimeSpan.FromSeconds(seconds), cancellationToken);
            foreach (var (what, count) in await attacker.EndAsync(cancellationToken)) did[what] = did.GetValueOrDefault(what) + count;
        }
        var (wall, cpu, memory) = (Stopwatch.GetElapsedTime(started).TotalSeconds, process.CpuSeconds, process.PeakMemoryMb);
        var figures = Figures(alone, beside, out var faults);
        figures["attacker"] = JsonSerializer.SerializeToNode(did);
        return new(new() { ["rounds"] = rounds, ["seconds"] = seconds, ["leads"] = leads, ["attacks"] = attacks }, wall, cpu, memory, figures, faults);
    }

    private static JsonObject Figures(WorkTimes alone, WorkTimes beside, out List<string> faults)
    {
        var figures = new JsonObject();
        faults = [];
        foreach (var what in Measured)
        {
            var (before, under) = (alone.Milliseconds(what), beside.Milliseconds(what));
            var ratio = under / before;
            figures[what] = new JsonObject { ["aloneMs"] = Math.Round(before, 1), ["besideMs"] = Math.Round(under, 1), ["ratio"] = Math.Round(ratio, 2) };
            if (ratio > MostTimes) faults.Add($"{what}: {ratio:0.00} times as long beside the attacker");
        }
        figures["campaigns"] = new JsonArray(alone.Campaigns.Count, beside.Campaigns.Count);
        figures["medians"] = new JsonArray(Math.Round(alone.Median, 1), Math.Round(beside.Median, 1));
        if (alone.Failures.Count + beside.Failures.Count > 0)
            faults.Add($"{alone.Failures.Count + beside.Failures.Count} of the customer's requests failed: {string.Join(", ", alone.Failures.Concat(beside.Failures).CountBy(failure => failure))}");
        return figures;
    }

    /// <summary>A workspace with a key, as somebody has who registered.</summary>
    private static async Task<string> OpenWorkspaceAsync(string database, CancellationToken cancellationToken)
    {
        var key = Secret.New(Secret.ApiKey);
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("""
            with place as (insert into workspaces (id, name) values ($1, 'Attacker') returning id)
            insert into api_keys (id, workspace_id, name, key_hash) select $1, id, 'attacker', $2 from place
            """);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(new() { Value = key.Hash });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return key.Text;
    }
}
