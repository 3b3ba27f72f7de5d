using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Scripting;

/// <summary>Evaluates JavaScript in a box and gives what came out.</summary>
internal static class Script
{
    public static async Task<string> RunAsync(string source, Action<Flow>? draw = null, JsonObject? input = null, Guid? tenant = null, ScriptHosts? scripts = null)
    {
        var flow = new Flow().Output("R").Variable("n", "Int32", "7").Variable("name", "String", "Ada").Variable("list", "ICollection<Int32>", "[1,2,3]").Input("Icp", "String").Input("Limit", "Int32");
        draw?.Invoke(flow);
        flow.Box("set", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Js(source)));
        var engine = new Engine(flow, new RunnerOptions { Scripts = scripts }) { Tenant = tenant ?? Guid.CreateVersion7() };
        var run = await engine.StartAsync(input);
        if (run.Incidents.Count > 0) return $"! {run.Incidents[0].Fault.Type}: {run.Incidents[0].Fault.Message}";
        return JsonSerializer.Serialize(run.Output["R"]);
    }
}
