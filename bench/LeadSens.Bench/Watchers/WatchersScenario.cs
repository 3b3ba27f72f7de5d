using System.Diagnostics;
using System.Text.Json.Nodes;
using LeadSens.Demo;
using Npgsql;

namespace LeadSens.Bench.Watchers;

/// <summary>What those cost who watch a big campaign: the Server's and PostgreSQL's processors with them less without them, while the campaign waits and
/// while it works.</summary>
internal sealed class WatchersScenario : Scenario
{
    private const double MostPercent = 2;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    /// <summary>All watchers are one caller here.</summary>
    private static readonly Dictionary<string, string?> Settings = new(new[] { "Address", "Caller" }
        .SelectMany(rule => new[] { $"Web__Limits__{rule}__Burst", $"Web__Limits__{rule}__PerMinute" })
        .Select(name => KeyValuePair.Create(name, (string?)"10000000")))
    {
        ["Logging__LogLevel__Default"] = "Warning",
    };

    public override string Name => "watchers";
    public override string Summary => "what those cost who watch a big campaign, while it waits and while its leads move: percent of a core";
    public override string Options => "[--watchers 200] [--leads 100000] [--seconds 20]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var (watchers, leads) = (arguments.Number("watchers", 200), arguments.Number("leads", 100_000));
        var seconds = TimeSpan.FromSeconds(arguments.Number("seconds", 20));
        await using var stack = await ThrowAwayStack.StartAsync("watchers", cancellationToken);
        var node = await stack.StartServerAsync("server", Settings, cancellationToken);
        await using var database = NpgsqlDataSource.Create(node.EmbeddedDatabase());
        var campaign = await BigCampaign.MakeAsync(database, leads, cancellationToken);
        var (figures, faults) = (new JsonObject(), new List<string>());
        using var process = ProcessFigures.Watch(node.Process.Id);
        var started = Stopwatch.GetTimestamp();

        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        var quiet = await CostAsync(node, seconds, cancellationToken);
        var busy = await campaign.WorkAsync(() => CostAsync(node, seconds, cancellationToken), cancellationToken);
        (figures["idlePercent"], figures["workPercent"]) = (Math.Round(quiet, 2), Math.Round(busy, 2));
        foreach (var (what, path) in new[] { ("feed", "/api/events"), ("campaign", $"/api/campaigns/{campaign.Id}/events") })
        {
            await using var crowd = await Crowd.OpenAsync(node.Api.Server, path, watchers, cancellationToken);
            await Task.Delay(Settle, TimeProvider.System, cancellationToken);
            figures[$"{what}Waiting"] = Math.Round(await CostAsync(node, seconds, cancellationToken) - quiet, 2);
            var (heard, before) = (crowd.Events, Stopwatch.GetTimestamp());
            var working = await campaign.WorkAsync(() => CostAsync(node, seconds, cancellationToken), cancellationToken) - busy;
            var perSecond = (crowd.Events - heard) / Stopwatch.GetElapsedTime(before).TotalSeconds / watchers;
            (figures[$"{what}Working"], figures[$"{what}EventsPerSecond"]) = (Math.Round(working, 2), Math.Round(perSecond, 2));
            if (working > MostPercent) faults.Add($"{watchers} who watch by {path} cost {working:0.00} % of a core");
            if (perSecond is < 0.5 or > 1.1) faults.Add($"each who watches by {path} heard {perSecond:0.00} events a second");
        }

        var parameters = new JsonObject { ["watchers"] = watchers, ["leads"] = leads, ["seconds"] = seconds.TotalSeconds };
        return new(parameters, Stopwatch.GetElapsedTime(started).TotalSeconds, process.CpuSeconds, process.PeakMemoryMb, figures, faults)
        {
            Targets = new[] { "feedWaiting", "feedWorking", "campaignWaiting", "campaignWorking" }.ToDictionary(name => name, _ => $"<= {MostPercent}"),
        };
    }

    /// <summary>Percent of a core that the Server and its PostgreSQL use.</summary>
    private static async Task<double> CostAsync(RunningNode node, TimeSpan time, CancellationToken cancellationToken)
    {
        var (before, started) = (Used(node), Stopwatch.GetTimestamp());
        await Task.Delay(time, TimeProvider.System, cancellationToken);
        return 100 * (Used(node) - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Used(RunningNode node) => ProcessFigures.CpuAlone(node.Process.Id) + ProcessFigures.CpuWithChildren(node.PostmasterId);
}
