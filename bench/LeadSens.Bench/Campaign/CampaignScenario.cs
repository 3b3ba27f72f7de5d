using System.Text.Json.Nodes;
using LeadSens.Demo;

namespace LeadSens.Bench.Campaign;

/// <summary>One campaign from its start to its end on a warm service, every Sandbox answer delayed.</summary>
internal sealed class CampaignScenario : Scenario
{
    private const int WarmUpLeads = 200;
    private const int WarmUpSeed = 77;
    private const int Seed = 1;
    private const double LimitTolerance = 0.05;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LimitedPace = TimeSpan.FromMilliseconds(100);

    public override string Name => "campaign";
    public override string Summary => "a campaign from start to end: wall, CPU and memory of the Server, SQL and bytes per lead";
    public override string Options => "[--leads 2000] [--latency 20] [--limits]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var limits = arguments.Has("limits");
        var leads = arguments.Number("leads", limits ? 600 : 2_000);
        var latency = arguments.Number("latency", 20);

        await using var stack = await ThrowAwayStack.StartAsync("bench", cancellationToken);
        var node = await stack.StartServerAsync("server", Settings(limits), cancellationToken);
        await WarmUpAsync(stack, node, limits ? 30 : WarmUpLeads, cancellationToken);
        await stack.Sandbox.ResetAsync(Seed, cancellationToken);
        await stack.SetLatencyAsync(latency, cancellationToken);

        var database = node.EmbeddedDatabase();
        var before = await DatabaseFigures.ReadAsync(database);
        await DatabaseFigures.ForgetStatementsAsync(database);
        using var process = ProcessFigures.Watch(node.Process.Id);
        var time = await CampaignRunner.RunAsync(node.Api, leads, limits ? LimitedPace : Pace, cancellationToken);
        var (cpu, memory) = (process.CpuSeconds, process.PeakMemoryMb);
        var after = await DatabaseFigures.ReadAsync(database);

        var calls = await stack.Sandbox.CountsAsync(cancellationToken);
        var faults = Faults(time.Campaign, calls, await stack.Sandbox.WritesAsync(cancellationToken));
        var figures = new JsonObject
        {
            ["databaseBytesPerLead"] = (after.Bytes - before.Bytes) / leads,
            ["statementsPerLead"] = Math.Round((double)after.Statements / leads, 3),
            ["providerCalls"] = calls.Sum(endpoint => endpoint.Calls),
            ["calls"] = new JsonObject(calls.Select(endpoint => KeyValuePair.Create($"{endpoint.Vendor} {endpoint.Endpoint}", (JsonNode?)endpoint.Calls))),
            ["leads"] = new JsonObject(time.Campaign.Leads.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value))),
            ["seconds"] = time.Campaign.Seconds.DeepClone(),
        };
        if (limits) AddLimits(time, figures, faults);
        return new(new() { ["leads"] = leads, ["latency"] = latency, ["limits"] = limits }, time.WallSeconds, cpu, memory, figures, faults);
    }

    private static async Task WarmUpAsync(ThrowAwayStack stack, RunningNode node, int leads, CancellationToken cancellationToken)
    {
        await stack.Sandbox.ResetAsync(WarmUpSeed, cancellationToken);
        await CampaignRunner.RunAsync(node.Api, leads, Pace, cancellationToken);
    }

    private static Dictionary<string, string?> Settings(bool limits) => new(limits ? ScaledLimits.Settings : new Dictionary<string, string?>())
    {
        ["LeadSens__CountStatements"] = "true",
        ["Logging__LogLevel__Default"] = "Warning",
    };

    private static List<string> Faults(CampaignView campaign, IReadOnlyList<EndpointCalls> calls, IReadOnlyList<EffectiveWrite> writes)
    {
        var faults = new List<string>(Demand.Differences(campaign, calls));
        if (campaign.Status != "Completed") faults.Add($"the campaign ended as {campaign.Status}: {campaign.Fault}");
        if (campaign.Count("pushed") + campaign.Push("refused") != campaign.Count("approved")) faults.Add("pushed and refused leads do not add up to the approved ones");
        if (SandboxControl.Duplicates(writes) is > 0 and var again) faults.Add($"{again} writes took effect more than once");
        return faults;
    }

    private static void AddLimits(CampaignTime time, JsonObject figures, List<string> faults)
    {
        var binding = ScaledLimits.BindingSeconds(time.Campaign);
        var over = time.WallSeconds / binding - 1;
        figures["bindingSeconds"] = Math.Round(binding, 3);
        figures["overBindingPercent"] = Math.Round(100 * over, 2);
        if (Math.Abs(over) > LimitTolerance) faults.Add($"{time.WallSeconds:0.0} s where the binding limits demand {binding:0.0} s");
    }
}
