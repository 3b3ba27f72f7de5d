using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Definitions as older versions wrote them, and boxes that nobody knows.</summary>
public sealed class OldFormTests
{
    [Theory]
    [InlineData("True", "a")]
    [InlineData("False", "b")]
    public async Task Connections_with_plain_ids_and_ports_load(string outcome, string path)
    {
        var chart = Chart("root", "", Box("d", "FlowDecision", ("condition", Flow.Literal(outcome == "True"))), Visit("a"), Visit("b"), Visit("z"));
        chart["connections"] = Items(Old("d", "True", "a"), Old("d", "False", "b"), Old("a", "", "z"), Old("b", null, "z"));
        var trip = new Trip(false, Workflow(chart));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe($"{path} z");
    }

    [Theory]
    [InlineData("Sequence")]
    [InlineData("Elsa.Workflows.Core.Activities.Sequence")]
    [InlineData("Elsa.Workflows.Activities.Sequence, Elsa.Workflows.Core")]
    public async Task Old_type_names_load(string type)
    {
        var root = Sequence("s", Visit("a"));
        root["type"] = type;
        var trip = new Trip(false, Workflow(root));
        await trip.RunAsync();
        trip.Path.ShouldBe("a");
    }

    [Fact]
    public void An_unknown_box_keeps_its_json_and_only_its_running_is_an_error()
    {
        var box = new JsonObject { ["id"] = "x", ["type"] = "Acme.Rocket", ["version"] = 3, ["fuel"] = new JsonObject { ["typeName"] = "Int32", ["deep"] = new JsonArray(1, null, "ü") } };
        var json = Workflow(Chart("root", "a->x x.Landed->z", Visit("a"), box, Visit("z"))).ToJsonString();
        var read = DefinitionReader.Read(json, Engine.Registry);
        read.Errors.ShouldHaveSingleItem().Message.ShouldContain("Acme.Rocket");
        var unknown = read.Definition.ShouldNotBeNull().Find("x").ShouldBeOfType<UnknownActivity>();
        JsonNode.DeepEquals(JsonNode.Parse(unknown.Json.GetRawText()), box).ShouldBeTrue();
        JsonNode.DeepEquals(JsonNode.Parse(read.Definition.Source.GetRawText()), JsonNode.Parse(json)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_box_that_elsa_did_not_find_is_restored()
    {
        var kept = new JsonObject { ["id"] = "x", ["type"] = "Elsa.NotFoundActivity", ["missingTypeName"] = "Test.Visit", ["missingTypeVersion"] = 1, ["originalActivityJson"] = Visit("x").ToJsonString() };
        var trip = new Trip(false, Workflow(Chart("root", "x->z", kept, Visit("z"))));
        await trip.RunAsync();
        trip.Path.ShouldBe("x z");
        kept["originalActivityJson"] = Flow.Activity("x", "Acme.Rocket").ToJsonString();
        DefinitionReader.Read(JsonSerializer.Serialize(Workflow(kept.DeepClone().AsObject())), Engine.Registry).Errors.ShouldHaveSingleItem().Message.ShouldContain("Acme.Rocket");
    }

    private static JsonObject Old(string from, string? port, string to) => new() { ["source"] = from, ["sourcePort"] = port, ["target"] = to, ["targetPort"] = "In" };
}
