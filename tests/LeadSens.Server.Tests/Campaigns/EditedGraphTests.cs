using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>The graph is not decoration: what is drawn is what is called.</summary>
public sealed class EditedGraphTests
{
    [Fact]
    public async Task A_higher_threshold_in_the_box_drafts_fewer_leads()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await run.EditGraphAsync(graph => Box(graph, "filter")["threshold"] = Literal("Int32", 8));

        var id = await run.StartAsync();
        var view = await run.UntilAsync(id, "AwaitingApproval", "Completed");

        var top = await app.Database.ScalarAsync<long>("select count(*) from leads where campaign_id = $1 and score >= 8", id);
        var fives = await app.Database.ScalarAsync<long>("select count(*) from leads where campaign_id = $1 and score >= 5", id);
        view.GetProperty("leads").GetProperty("qualified").GetInt64().ShouldBe(top);
        top.ShouldBeLessThan(fives);
        (await sandbox.CallsAsync("jina")).Count.ShouldBe((int)top);
    }

    [Fact]
    public async Task Without_the_CRM_box_nothing_is_written_to_HubSpot()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await run.EditGraphAsync(graph =>
        {
            Remove(graph, "sync");
            Connect(graph, "activate", "Done", "endDone");
        });

        var id = await run.StartAsync();
        await run.DecideAsync(id);
        var view = await run.UntilAsync(id, "Completed");

        view.GetProperty("leads").GetProperty("pushed").GetInt64().ShouldBeGreaterThan(0);
        view.GetProperty("leads").GetProperty("synced").GetInt64().ShouldBe(0);
        (await sandbox.WritesAsync("hubspot")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_approval_box_asks_again_before_anything_is_pushed()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await run.EditGraphAsync(InsertSecondApproval);

        var id = await run.StartAsync();
        await run.DecideAsync(id);
        await Eventually.Be(async () => await app.Database.ScalarAsync<long>("select count(*) from approvals where campaign_id = $1", id) == 2);
        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();
        await run.DecideAsync(id);
        await run.UntilAsync(id, "Completed");

        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldNotBeEmpty();
    }

    private static void InsertSecondApproval(JsonObject graph)
    {
        var second = Box(graph, "approval").DeepClone().AsObject();
        (second["id"], second["nodeId"], second["name"]) = ("approval2", "Workflow1:Flowchart1:approval2", "RequestApproval2");
        Boxes(graph).Add((JsonNode)second);
        Connection(graph, "approval", "Approved")["target"]!["activity"] = "approval2";
        Connect(graph, "approval2", "Approved", "push");
        Connect(graph, "approval2", "Rejected", "endRejected");
    }

    private static JsonArray Boxes(JsonObject graph) => graph["root"]!["activities"]!.AsArray();

    private static JsonArray Connections(JsonObject graph) => graph["root"]!["connections"]!.AsArray();

    private static JsonObject Box(JsonObject graph, string id) => Boxes(graph).Single(box => (string?)box!["id"] == id)!.AsObject();

    private static JsonNode Connection(JsonObject graph, string box, string port) =>
        Connections(graph).Single(line => (string?)line!["source"]!["activity"] == box && (string?)line["source"]!["port"] == port)!;

    private static JsonObject Literal(string type, JsonNode value) =>
        new() { ["typeName"] = type, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    private static void Connect(JsonObject graph, string from, string port, string to) => Connections(graph).Add((JsonNode)new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = from, ["port"] = port },
        ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
    });

    private static void Remove(JsonObject graph, string id)
    {
        Boxes(graph).Remove(Box(graph, id));
        foreach (var line in Connections(graph).Where(line => (string?)line!["source"]!["activity"] == id || (string?)line["target"]!["activity"] == id).ToList())
            Connections(graph).Remove(line);
    }
}
