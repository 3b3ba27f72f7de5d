using System.Text.Json.Nodes;

namespace LeadSens.Bench;

/// <summary>One measurement that anybody can repeat with <c>./bench.sh</c>.</summary>
internal abstract class Scenario
{
    public abstract string Name { get; }
    public abstract string Summary { get; }
    public abstract string Options { get; }

    public abstract Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken);
}

/// <param name="Figures">The scenario's own figures, in the order in which they are printed.</param>
/// <param name="Faults">Why the figures prove nothing; empty for a good run.</param>
internal sealed record BenchResult(JsonObject Parameters, double WallSeconds, double CpuSeconds, double PeakMemoryMb, JsonObject Figures, IReadOnlyList<string> Faults)
{
    /// <summary>What a figure is meant to reach, by its name; to miss it is no fault.</summary>
    public IReadOnlyDictionary<string, string> Targets { get; init; } = new Dictionary<string, string>();

    public JsonObject ToJson(string scenario)
    {
        var json = new JsonObject
        {
            ["scenario"] = scenario,
            ["parameters"] = Parameters.DeepClone(),
            ["wallSeconds"] = Math.Round(WallSeconds, 3),
            ["cpuSeconds"] = Math.Round(CpuSeconds, 3),
            ["peakMemoryMb"] = Math.Round(PeakMemoryMb, 1),
        };
        foreach (var (name, value) in Figures) json[name] = value?.DeepClone();
        return json;
    }

    public void Print(string scenario)
    {
        foreach (var (name, value) in ToJson(scenario))
            Console.WriteLine(Targets.TryGetValue(name, out var target) ? $"{name,-24} {value?.ToJsonString(),-12} target {target}" : $"{name,-24} {value?.ToJsonString()}");
    }
}
