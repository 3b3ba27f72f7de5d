using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Definitions;

/// <summary>Every error says in which box and where in it, and names the box to the person who drew it.</summary>
public sealed class DefinitionErrorTests
{
    /// <summary>What stands in the graph, the box and path that the error is at, its message.</summary>
    public static TheoryData<string, string?, string, string> Broken => new()
    {
        { """{"id":"b","type":7}""", "b", "type", "The box 'b' has the unknown type ''." },
        { """{"id":"b"}""", "b", "type", "The box 'b' has the unknown type ''." },
        { """{"id":"b","name":"Score","type":"Test.Ghost"}""", "b", "type", "The box 'Score' (b) has the unknown type 'Test.Ghost'." },
        { """{"type":"Test.Step"}""", "", "id", "A box has no id." },
        { """{"id":7,"type":"Test.Step"}""", "", "id", "A box has no id." },
        { """{"id":"","type":"Test.Step"}""", "", "id", "A box has no id." },
        { """{"id":"root","type":"Test.Step"}""", "root", "id", "Two boxes have the id 'root'." },
        { "7", "root", "activities[0]", "What stands at activities[0] of box 'root' is no box." },
        { "null", "root", "activities[0]", "What stands at activities[0] of box 'root' is no box." },
        { """{"id":"s","type":"Elsa.Sequence","activities":{"id":"a"}}""", "s", "activities", "The activities of box 's' are no list." },
        { """{"id":"f","type":"Elsa.Flowchart","connections":"a->b"}""", "f", "connections", "The connections of box 'f' are no list." },
        { """{"id":"f","type":"Elsa.Flowchart","connections":[7]}""", "f", "connections[0]", "A connection to '' comes from the box '', which does not exist." },
        { """{"id":"f","type":"Elsa.Flowchart","start":"ghost"}""", "f", "start", "The box 'f' starts with the box 'ghost', which does not exist." },
        { """{"id":"i","type":"Elsa.If","then":["a"]}""", "i", "then", "What stands in the port 'then' of box 'i' is no box." },
        { """{"id":"i","type":"Elsa.If","else":{"id":"e","type":"Elsa.Ghost"}}""", "e", "type", "The box 'e' has the unknown type 'Elsa.Ghost'." },
        { """{"id":"i","type":"Elsa.If","condition":"perhaps"}""", "i", "condition", "The input 'Condition' of box 'i' takes Boolean, not the text 'perhaps'." },
        { """{"id":"i","type":"Elsa.If","condition":[true]}""", "i", "condition", "The input 'Condition' of box 'i' takes Boolean, not a list." },
        { """{"id":"w","type":"Elsa.FlowSwitch","cases":{"Hot":true}}""", "w", "cases", "The cases of box 'w' are no list." },
        { """{"id":"r","type":"Test.Rounds","times":1.5}""", "r", "times", "The input 'Times' of box 'r' takes Int32, not 1.5." },
        { """{"id":"r","type":"Test.Rounds","times":true}""", "r", "times", "The input 'Times' of box 'r' takes Int32, not True." },
        { """{"id":"r","type":"Test.Rounds","times":{"expression":{"type":"Object","value":"{\"a\":1}"}}}""", "r", "times", "The input 'Times' of box 'r' takes Int32, not an object." },
        { """{"id":"a","type":"Test.Step","in":{"expression":{"type":"Liquid","value":"{{ x }}"}}}""", "a", "in", "The input 'in' of box 'a' is written in 'Liquid', which is not supported." },
        { """{"id":"a","type":"Test.Step","in":{"expression":{"type":"Object","value":"{"}}}""", "a", "in", "The input 'in' of box 'a' is not JSON: the text '{'." },
        { """{"id":"a","type":"Test.Step","in":{"expression":{"type":"Variable","value":7}}}""", "a", "in", "The input 'in' of box 'a' reads the variable '', which is not in scope." },
        { """{"id":"a","type":"Test.Step","in":{"expression":{"type":"Variable","value":"{\"id\":\"x\",\"name\":\"X\"}"}}}""", "a", "in", "The input 'in' of box 'a' reads the variable 'X', which is not in scope." },
        { """{"id":"a","type":"Test.Step","in":{"expression":{"type":"Input"}}}""", "a", "in", "The input 'in' of box 'a' reads the workflow input '', which the workflow does not declare." },
        { """{"id":"a","type":"Test.Step","in":{"expression":{"type":"JavaScript","value":"1 +"}}}""", "a", "in", "The JavaScript of 'in' in box 'a' is broken: line 1: Unexpected end of input" },
        { """{"id":"a","type":"Test.Step","in":{"expression":{"type":"JavaScript","value":"var x = 1;\nvar = 2;"}}}""", "a", "in", "The JavaScript of 'in' in box 'a' is broken: line 2: Unexpected token '='" },
        { """{"id":"s","type":"Elsa.Sequence","variables":[{"name":"n","typeName":"Int32","value":"many"}]}""", "s", "variables[0]", "The variable 'n' takes Int32, not the text 'many'." },
        { """{"id":"s","type":"Elsa.Sequence","variables":[{},{"id":"v"},{"id":"v"}]}""", "s", "variables[2]", "Two variables have the id 'v'." },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_box_is_named(string box, string? activity, string path, string message)
    {
        var json = new Flow().ToJson();
        json["root"]!["activities"]!.AsArray().Add(JsonNode.Parse(box));
        var result = DefinitionReader.Read(json.ToJsonString(), Engine.Registry);
        result.Errors.ShouldHaveSingleItem().ShouldBe(new DefinitionError(activity, path, message));
        result.IsValid.ShouldBeFalse();
        result.Definition.ShouldNotBeNull("what could be read is there");
    }

    [Fact]
    public void All_errors_of_a_definition_are_found_at_once()
    {
        var flow = new Flow().Variable("n", "Int32", "x").Box("a", "Test.Ghost").Box("b", "Test.Rounds", ("times", Flow.Literal("many"))).Box("b").Box("c", "Test.Step", ("in", Flow.Js("}")))
            .Connect("a->ghost c->c b.Maybe->c").StartsWith("c");
        flow.Read().Errors.Select(error => $"{error.ActivityId}/{error.Path}").ShouldBe(
            ["/variables[0]", "a/type", "b/times", "b/id", "c/in", "a/connections[0]", "b/connections[2]", "c/connections"]);
    }

    [Fact]
    public void A_variable_of_the_workflow_is_named_without_a_box()
    {
        var json = new Flow().Box("a").ToJson();
        json["variables"] = new JsonArray(new JsonObject { ["typeName"] = "Int32" }, new JsonObject { ["name"] = "on", ["typeName"] = "Boolean", ["value"] = "perhaps" });
        DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Errors.ShouldBe([new DefinitionError(null, "variables[1]", "The variable 'on' takes Boolean, not the text 'perhaps'.")]);
    }

    [Theory]
    [InlineData("a->b b->c c->a", "a", "The loop through box 'a' has no way out.")]
    [InlineData("a->p p.Again->b p.Done->b p.Left->b p.Right->b p.Both->b b->a", "a", "The loop through box 'a' has no way out.")]
    [InlineData("a->b b->c c->b b->p p.Done->c p.Again->c p.Left->c p.Right->c p.Both->c", "b", "The loop through box 'b' has no way out.")]
    [InlineData("a->b a->c b->c c->p p.Again->b", "b", "The loop back to box 'b' can be entered other than through it.")]
    public void A_loop_that_cannot_work_is_named(string connections, string box, string message)
    {
        var flow = new Flow().Box("a").Box("b").Box("c").Box("p", "Test.Pause").Connect(connections).StartsWith("a");
        flow.Read().Errors.ShouldHaveSingleItem().ShouldBe(new DefinitionError(box, "connections", message));
    }

    [Theory]
    [InlineData("a->b b->p p.Again->a p.Left->c")]
    [InlineData("a->p p.Again->p p.Left->a")]
    [InlineData("a->p p.Again->a b->c c->b")]
    public void A_loop_that_can_be_left_or_is_never_reached_is_fine(string connections) =>
        new Flow().Box("a").Box("b").Box("c").Box("p", "Test.Pause").Connect(connections).StartsWith("a").Read().Errors.ShouldBeEmpty();

    [Fact]
    public void A_loop_from_another_start_is_checked_too()
    {
        var flow = new Flow().Box("a").Box("b", "Test.Step", ("customProperties", new JsonObject { ["canStartWorkflow"] = true })).Box("c").Connect("b->c c->b").StartsWith("a");
        flow.Read().Errors.ShouldHaveSingleItem().ActivityId.ShouldBe("b");
    }

    [Fact]
    public void A_text_of_more_than_five_million_characters_is_refused() =>
        DefinitionReader.Read(new string(' ', 20 * 1024 * 1024 + 1), Engine.Registry).Errors.ShouldHaveSingleItem().Message.ShouldBe("The text is larger than 20 MB.");

    [Fact]
    public void Containers_nested_without_end_are_refused()
    {
        var text = string.Concat(Enumerable.Repeat("""{"type":"Elsa.Sequence","activities":[""", 1_000));
        var result = DefinitionReader.Read($$"""{"root":{{text}}""", Engine.Registry);
        result.Definition.ShouldBeNull();
        result.Errors.ShouldHaveSingleItem().Message.ShouldStartWith("The text is not JSON");
    }
}
