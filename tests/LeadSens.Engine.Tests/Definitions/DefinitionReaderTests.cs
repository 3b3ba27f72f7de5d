using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Definitions;

public sealed class DefinitionReaderTests
{
    private static DefinitionError Only(Flow flow) => flow.Read().Errors.ShouldHaveSingleItem();

    [Fact]
    public void An_unknown_type_is_named_and_survives_a_round_trip()
    {
        var result = new Flow().Box("a").Box("x", "Vendor.Magic", ("spell", "abracadabra")).Connect("a->x x.Poof->a").Read();
        var error = result.Errors.ShouldHaveSingleItem();
        (error.ActivityId, error.Path).ShouldBe(("x", "type"));
        error.Message.ShouldContain("Vendor.Magic");
        result.IsValid.ShouldBeFalse();
        result.Definition.ShouldNotBeNull().Source.GetRawText().ShouldContain("abracadabra");
        result.Definition.Find("x").ShouldNotBeNull().TypeName.ShouldBe("Vendor.Magic");
    }

    [Fact]
    public void Two_boxes_with_one_id_are_named() => Only(new Flow().Box("a").Box("a")).Message.ShouldBe("Two boxes have the id 'a'.");

    [Fact]
    public void A_connection_to_nowhere_is_named()
    {
        var error = Only(new Flow().Box("a").Connect("a->ghost"));
        (error.ActivityId, error.Path, error.Message).ShouldBe(("a", "connections[0]", "A connection of box 'a' leads to the box 'ghost', which does not exist."));
        Only(new Flow().Box("a").Connect("ghost->a")).Message.ShouldContain("ghost");
    }

    [Fact]
    public void A_port_that_a_box_does_not_have_is_named() => Only(new Flow().Box("d", "Elsa.FlowDecision").Box("a").Connect("d.Maybe->a")).Message.ShouldContain("Maybe");

    [Theory]
    [InlineData("a->b b->a", "a")]
    [InlineData("a->a", "a")]
    [InlineData("a->b b->c c->b", "b")]
    public void A_loop_without_a_way_out_is_named(string connections, string box)
    {
        var error = Only(new Flow().Box("a").Box("b").Box("c").Connect(connections).StartsWith("a"));
        error.ActivityId.ShouldBe(box);
        error.Message.ShouldContain("no way out");
    }

    [Theory]
    [InlineData("a->p p.Again->a p.Done->c")]
    [InlineData("a->p p.Again->a")]
    public void A_loop_that_an_outcome_leaves_is_fine(string connections) => new Flow().Box("a").Box("p", "Test.Pause").Box("c").Connect(connections).Build();

    [Fact]
    public void A_loop_through_an_end_is_fine() => new Flow().Box("a").Box("e", "Elsa.End").Connect("a->e").Build();

    [Fact]
    public void A_loop_that_is_entered_in_the_middle_is_named() =>
        Only(new Flow().Box("s").Box("a").Box("p", "Test.Pause").Connect("s->a s->p a->p p.Again->a")).Message.ShouldContain("entered");

    [Theory]
    [InlineData("CSharp")]
    [InlineData("Liquid")]
    [InlineData("Python")]
    public void A_language_that_is_not_spoken_is_named(string language) => Only(new Flow().Box("a", "Test.Step", ("in", Flow.Of(language, "x")))).Message.ShouldContain(language);

    [Fact]
    public void A_constant_of_the_wrong_type_is_named()
    {
        var error = Only(new Flow().Box("r", "Test.Rounds", ("times", Flow.Literal("many"))));
        (error.ActivityId, error.Path, error.Message).ShouldBe(("r", "times", "The input 'Times' of box 'r' takes Int32, not the text 'many'."));
        Only(new Flow().Box("j", "Elsa.FlowJoin", ("mode", Flow.Literal("WaitABit")))).ShouldBe(
            new DefinitionError("j", "mode", "The input 'Mode' of box 'j' takes one of WaitAny, WaitAll, WaitAllActive, not the text 'WaitABit'."));
        Only(new Flow().Box("j", "Elsa.FlowJoin", ("mode", Flow.Literal(7)))).Message.ShouldContain("takes one of");
        Only(new Flow().Box("d", "Elsa.FlowDecision", ("condition", Flow.Literal("perhaps")))).Path.ShouldBe("condition");
    }

    [Fact]
    public void An_object_that_is_no_json_is_named() => Only(new Flow().Box("a", "Test.Step", ("in", Flow.Of("Object", "{oops")))).Path.ShouldBe("in");

    [Fact]
    public void What_is_not_in_scope_is_named()
    {
        Only(new Flow().Box("a", "Test.Step", ("in", Flow.Read("ghost")))).Message.ShouldContain("ghost");
        Only(new Flow().Box("a", "Test.Step", ("in", Flow.Of("Input", new JsonObject { ["name"] = "Ghost" })))).Message.ShouldContain("Ghost");
        Only(new Flow().Box("a", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "ghost" }))).Message.ShouldContain("ghost");
    }

    [Fact]
    public void A_variable_whose_start_does_not_fit_is_named() => Only(new Flow().Variable("n", "Int32", "x").Box("a")).Path.ShouldBe("variables[0]");

    [Fact]
    public void A_start_that_does_not_exist_is_named() => Only(new Flow().Box("a").StartsWith("ghost")).Path.ShouldBe("start");

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"root\":7}")]
    public void What_is_no_definition_is_said_so(string text)
    {
        var result = DefinitionReader.Read(text, Engine.Registry);
        result.Definition.ShouldBeNull();
        result.Errors.ShouldHaveSingleItem();
    }

    [Fact]
    public void Old_connections_and_type_names_are_understood()
    {
        var json = new Flow().Box("a", "WriteLine").Box("b", "Elsa.Workflows.Core.Activities.WriteLine").ToJson();
        json["root"]!["connections"]!.AsArray().Add(new JsonObject { ["source"] = "a", ["sourcePort"] = "Done", ["target"] = "b", ["targetPort"] = "In" });
        DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void A_bare_value_is_a_literal_and_an_emptied_one_the_default()
    {
        var definition = new Flow().Box("a", "Test.Rounds", ("times", 9)).Box("b", "Test.Rounds", ("times", Flow.Literal(""))).Box("c", "Test.Rounds", ("times", Flow.Literal(null))).Build();
        ((Rounds)definition.Find("a")!).Times.Constant.ShouldBe(9);
        ((Rounds)definition.Find("b")!).Times.Constant.ShouldBe(2);
        ((Rounds)definition.Find("c")!).Times.Constant.ShouldBe(2);
    }

    [Fact]
    public void Node_ids_are_the_path_from_the_root()
    {
        var definition = new Flow().Box("s", "Elsa.Sequence", ("activities", new JsonArray(Flow.Activity("x", "Test.Step")))).Build();
        definition.Find("x")!.NodeId.ShouldBe("Workflow1:root:s:x");
        (definition.Id, definition.DefinitionId, definition.Version, definition.Name).ShouldBe(("test-1", "test", 1, "Test"));
    }

    [Fact]
    public void The_shipped_graphs_hold_together()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Root(), "workflows"), "*.json"))
        {
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            foreach (var box in json["root"]!["activities"]!.AsArray()) if (box!["type"]!.GetValue<string>().StartsWith("LeadSens.", StringComparison.Ordinal)) box["type"] = "Test.Any";
            DefinitionReader.Read(json.ToJsonString(), new ActivityRegistry().Register<Any>()).Errors.ShouldBeEmpty();
        }
    }

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}

/// <summary>Stands for any box that the product brings.</summary>
[Activity("Test", Outcomes = ["Done", "Empty", "Qualified", "NoneQualified", "Approved", "Rejected", "ChangesRequested", "TimedOut"])]
public sealed class Any : Activity
{
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Done);
}
