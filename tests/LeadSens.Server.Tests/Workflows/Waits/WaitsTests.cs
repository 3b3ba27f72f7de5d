using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Studio.Instances;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows.Waits;

/// <summary>A run that does not go on says which box waits, for what, since when, until when.</summary>
public sealed class WaitsTests : StudioInstances
{
    [Fact]
    public async Task A_delay_says_until_when()
    {
        var wait = await OneWaitAsync(Box("rest", "Elsa.Delay", "timeSpan", "TimeSpan", "02:00:00", "Have a rest"));
        Say(wait).ShouldBe("Have a rest | timer | the time that it was given");
        (Time(wait, "until") - Time(wait, "since")).ShouldBe(TimeSpan.FromHours(2), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_event_and_a_task_say_their_names_and_no_end()
    {
        var wait = await OneWaitAsync(Graphs.Event("ask", "Go"));
        Say(wait).ShouldBe("ask | event | Event 'Go'");
        wait.GetProperty("until").ValueKind.ShouldBe(JsonValueKind.Null);
        Say(await OneWaitAsync(Box("call", "Elsa.RunTask", "taskName", "String", "Call them"))).ShouldBe("call | task | Task 'Call them'");
    }

    [Fact]
    public async Task A_parent_leads_to_the_child_that_it_waits_for()
    {
        await DefineAsync(Graphs.Line("child", Graphs.Event("ask", "Go")));
        var child = Box("run", "Elsa.ExecuteWorkflow", "workflowDefinitionId", "String", "child");
        child["waitForCompletion"] = new JsonObject { ["typeName"] = "Boolean", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = true } };
        var wait = await OneWaitAsync(child);
        Say(wait).ShouldBe("run | child | Workflow 'child'");
        wait.GetProperty("id").GetGuid().ShouldBe(await App.Database.ScalarAsync<Guid>("select id from workflow_instances where definition_id = 'child'"));
    }

    [Fact]
    public async Task A_merge_that_nothing_reaches_is_told()
    {
        await DefineAsync(Stuck());
        var id = await RunAsync("stuck");
        var wait = (await WaitsAsync(id)).GetProperty("waits").EnumerateArray().Single();
        Say(wait).ShouldBe("Flowchart1 | stuck | connections that nothing will follow any more");
        wait.GetProperty("problem").GetString()!.ShouldContain("cancel the run");
    }

    [Fact]
    public async Task A_paused_run_says_so_beside_what_it_waits_for_and_an_ended_one_nothing()
    {
        await DefineAsync(Graphs.Line("paused", Graphs.Event("ask", "Go")));
        var id = await RunAsync("paused");
        var workflows = App.Services.GetRequiredService<WorkflowService>();
        using var scope = DatabaseScope.Work(DemoWorkspace.Id);
        await workflows.PauseAsync(id, CancellationToken.None);
        var waits = await WaitsAsync(id);
        waits.GetProperty("held").GetString()!.ShouldContain("paused");
        waits.GetProperty("waits").GetArrayLength().ShouldBe(1);
        await workflows.CancelAsync(id, null, CancellationToken.None);
        waits = await WaitsAsync(id);
        (waits.GetProperty("subStatus").GetString(), waits.GetProperty("waits").GetArrayLength(), waits.GetProperty("held").ValueKind).ShouldBe(("Cancelled", 0, JsonValueKind.Null));
    }

    private async Task<JsonElement> OneWaitAsync(JsonObject box)
    {
        var name = $"waits-{Guid.CreateVersion7():N}";
        await DefineAsync(Graphs.Line(name, box));
        return (await WaitsAsync(await RunAsync(name))).GetProperty("waits").EnumerateArray().Single();
    }

    private Task<JsonElement> WaitsAsync(Guid id) => Http.GetFromJsonAsync<JsonElement>($"/api/workflow-instances/{id}/waits");

    private static string Say(JsonElement wait) => $"{wait.GetProperty("box").GetString()} | {wait.GetProperty("kind").GetString()} | {wait.GetProperty("for").GetString()}";

    private static DateTimeOffset Time(JsonElement wait, string name) => wait.GetProperty(name).GetDateTimeOffset();

    private static JsonObject Box(string id, string type, string input, string typeName, string value, string? label = null) => new()
    {
        ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1, ["metadata"] = new JsonObject { ["displayText"] = label },
        [input] = new JsonObject { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } },
    };

    /// <summary>A merge behind both ways of a decision, of which one is taken.</summary>
    private static string Stuck()
    {
        var merge = Graphs.WriteLine("merge", "never");
        merge["customProperties"] = new JsonObject { ["mergeMode"] = "Merge" };
        var graph = JsonNode.Parse(Graphs.Line("stuck", Box("choose", "Elsa.FlowDecision", "condition", "Boolean", "true"), Graphs.WriteLine("yes", "1"), Graphs.WriteLine("no", "2"), merge))!;
        graph["customProperties"] = new JsonObject { ["Flowchart:ExecutionMode"] = "TokenBased" };
        var connections = new JsonArray();
        foreach (var (from, port, to) in new[] { ("choose", "True", "yes"), ("choose", "False", "no"), ("yes", "Done", "merge"), ("no", "Done", "merge") })
            connections.Add((JsonNode)new JsonObject { ["source"] = new JsonObject { ["activity"] = from, ["port"] = port }, ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" } });
        graph["root"]!["connections"] = connections;
        return graph.ToJsonString();
    }
}
