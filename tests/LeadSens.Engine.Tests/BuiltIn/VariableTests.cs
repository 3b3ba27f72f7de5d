using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.BuiltIn;

/// <summary>SetVariable, and which variable a box sees.</summary>
public sealed class VariableTests
{
    [Fact]
    public async Task Variables_of_a_container_hide_those_outside()
    {
        var inner = Flow.Inner("inner", [Flow.Activity("set", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "in-v" }), ("value", Flow.Literal(2))),
            Flow.Activity("wait", "Test.Pause"), Flow.Activity("read", "Test.Step", ("in", Flow.Js("getVariable('v')")))]);
        inner["variables"] = new JsonArray(new JsonObject { ["id"] = "in-v", ["name"] = "v", ["typeName"] = "Int32", ["value"] = "1" });
        var root = new Flow().Variable("v", "Int32", "7").Box("after", "Test.Step", ("in", Flow.Js("getVariable('v')")));
        var json = root.ToJson();
        json["root"]!["activities"]!.AsArray().Add(inner);
        json["root"]!["connections"]!.AsArray().Add(new JsonObject { ["source"] = "inner", ["target"] = "after" });
        var engine = new Engine(DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!);
        await engine.StartAsync();
        await engine.ResumeAsync("go");
        string? Payload(string box) => engine.Store.Journal(engine.Id).Single(entry => entry.ActivityId == box && entry.EventName == "Completed").Payload;
        Payload("read").ShouldBe("""{"outputs":{"Result":2}}""");
        Payload("after").ShouldBe("""{"outputs":{"Result":7}}""");
    }

    [Theory]
    [InlineData("Int32", "\"42\"", "42")]
    [InlineData("String", "42", "\"42\"")]
    [InlineData("Boolean", "\"TRUE\"", "true")]
    [InlineData("Double", "1.50", "1.5")]
    [InlineData("Decimal", "\"1.50\"", "1.5")]
    [InlineData("Object", "{\"a\":[1]}", "{\"a\":[1]}")]
    [InlineData("Object[]", "\"[1,2]\"", "[1,2]")]
    [InlineData("Guid", "\"0193A1B2-0000-7000-8000-000000000001\"", "\"0193a1b2-0000-7000-8000-000000000001\"")]
    [InlineData("TimeSpan", "\"0:05\"", "\"00:05:00\"")]
    [InlineData("Int32", "null", "null")]
    public async Task A_value_is_brought_into_the_type_of_the_variable(string type, string value, string seen)
    {
        var flow = new Flow().Variable("v", type).Output("R").Box("set", "Elsa.SetVariable", ("variable", "v"), ("value", Flow.Of("Literal", JsonNode.Parse(value))))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Read("v"))).Connect("set->o");
        if (value.StartsWith('{')) flow = new Flow().Variable("v", type).Output("R").Box("set", "Elsa.SetVariable", ("variable", "v"), ("value", Flow.Of("Object", value)))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Read("v"))).Connect("set->o");
        (await new Engine(flow).StartAsync()).Output["R"].GetRawText().ShouldBe(seen);
    }

    [Theory]
    [InlineData("Int32", "many", "The variable 'v' takes Int32, not the text 'many'.")]
    [InlineData("Boolean", "perhaps", "The variable 'v' takes Boolean, not the text 'perhaps'.")]
    [InlineData("DateTime", "soon", "The variable 'v' takes DateTime, not the text 'soon'.")]
    [InlineData("JsonObject", "a text that is much longer than forty characters are", "The variable 'v' takes Json, not the text 'a text that is much longer than forty ch…'.")]
    public async Task A_value_that_does_not_fit_is_a_fault_that_names_the_variable(string type, string value, string message)
    {
        var run = await new Engine(new Flow().Variable("v", type).Box("set", "Elsa.SetVariable", ("variable", "v-v"), ("value", Flow.Literal(value)))).StartAsync();
        run.Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("\"v\"")]
    [InlineData("\"v-v\"")]
    [InlineData("""{"id":"v-v"}""")]
    [InlineData("""{"name":"v"}""")]
    [InlineData("""{"id":"of another export","name":"v"}""")]
    public void The_variable_may_be_meant_by_id_or_name(string variable) =>
        new Flow().Variable("v").Box("set", "Elsa.SetVariable", ("variable", JsonNode.Parse(variable))).Read().Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("\"ghost\"", "The box 'set' sets the variable 'ghost', which is not in scope.")]
    [InlineData("""{"name":"ghost"}""", "The box 'set' sets the variable 'ghost', which is not in scope.")]
    [InlineData("null", "The box 'set' sets the variable '', which is not in scope.")]
    [InlineData("7", "The box 'set' sets the variable '', which is not in scope.")]
    public void A_variable_that_is_not_there_is_named(string variable, string message)
    {
        var error = new Flow().Variable("v").Box("set", "Elsa.SetVariable", ("variable", JsonNode.Parse(variable))).Read().Errors.ShouldHaveSingleItem();
        (error.ActivityId, error.Path, error.Message).ShouldBe(("set", "variable", message));
    }

    [Fact]
    public void A_variable_of_a_container_is_unknown_beside_it()
    {
        var inner = Flow.Inner("inner", [Flow.Activity("in", "Elsa.SetVariable", ("variable", "own"))]);
        inner["variables"] = new JsonArray(new JsonObject { ["name"] = "own" });
        var json = new Flow().Box("beside", "Elsa.SetVariable", ("variable", "own")).ToJson();
        json["root"]!["activities"]!.AsArray().Add(inner);
        DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Errors.ShouldHaveSingleItem().ActivityId.ShouldBe("beside");
    }

    [Fact]
    public async Task Each_run_of_a_container_begins_with_fresh_variables()
    {
        var inner = Flow.Activity("inner", "Elsa.Sequence", ("activities", new JsonArray(
            Flow.Activity("up", "Elsa.SetVariable", ("variable", "own"), ("value", Flow.Js("getVariable('own') + 1"))), Flow.Activity("read", "Test.Step", ("in", Flow.Js("getVariable('own')"))))));
        inner["variables"] = new JsonArray(new JsonObject { ["name"] = "own", ["typeName"] = "Int32", ["value"] = "10" });
        var json = new Flow().Box("ask", "Test.Pause").ToJson();
        json["root"]!["activities"]!.AsArray().Insert(0, inner);
        foreach (var (source, port, target) in (ReadOnlySpan<(string, string, string)>)[("inner", "Done", "ask"), ("ask", "Again", "inner")])
            json["root"]!["connections"]!.AsArray().Add(new JsonObject { ["source"] = source, ["sourcePort"] = port, ["target"] = target });
        var engine = new Engine(DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!);
        await engine.StartAsync();
        await engine.ResumeAsync("go", "Again");
        engine.Store.Journal(engine.Id).Where(entry => entry is { ActivityId: "read", EventName: "Completed" }).Select(entry => entry.Payload)
            .ShouldBe(["""{"outputs":{"Result":11}}""", """{"outputs":{"Result":11}}"""]);
    }
}
