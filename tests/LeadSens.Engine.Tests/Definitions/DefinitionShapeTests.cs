using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Definitions;

/// <summary>The many forms in which Studio and old exports write the same thing.</summary>
public sealed class DefinitionShapeTests
{
    [Theory]
    [InlineData("""{"source":{"activity":"a","port":"Done"},"target":{"activity":"b","port":"In"}}""")]
    [InlineData("""{"source":{"activity":"a","port":""},"target":{"activity":"b"}}""")]
    [InlineData("""{"source":{"activity":"a","port":null},"target":{"activity":"b","port":null},"vertices":[{"x":1,"y":2}]}""")]
    [InlineData("""{"Source":{"Activity":"a"},"Target":{"Activity":"b"}}""")]
    [InlineData("""{"source":"a","target":"b","sourcePort":"Done","targetPort":"In"}""")]
    [InlineData("""{"source":"a","target":"b"}""")]
    public async Task A_connection_has_several_forms(string connection)
    {
        var json = new Flow().Box("a").Box("b").StartsWith("a").ToJson();
        json["root"]!["connections"]!.AsArray().Add(JsonNode.Parse(connection));
        var engine = new Engine(DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!);
        await engine.StartAsync();
        engine.Path.ShouldBe("a b");
    }

    [Fact]
    public async Task A_connection_that_is_there_twice_counts_once()
    {
        var engine = new Engine(new Flow().Box("a").Box("b").Connect("a->b a->b"));
        await engine.StartAsync();
        engine.Path.ShouldBe("a b");
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("\"5\"", "5")]
    [InlineData("""{"expression":{"type":"Literal","value":5}}""", "5")]
    [InlineData("""{"typeName":"Int32","expression":{"value":"5"}}""", "5")]
    [InlineData("""{"expression":{"type":"Object","value":"5"}}""", "5")]
    [InlineData("""{"expression":{"type":"JavaScript","value":"2 + 3"}}""", "5")]
    [InlineData("""{"expression":{"type":"JavaScript","value":"return 5;"}}""", "5")]
    [InlineData("""{"expression":{"type":"Variable","value":{"id":"v-five","name":"five"}}}""", "5")]
    [InlineData("""{"expression":{"type":"Variable","value":"{\"id\":\"v-five\"}"}}""", "5")]
    [InlineData("""{"expression":{"type":"Variable","value":"five"}}""", "5")]
    [InlineData("""{"expression":{"type":"Input","value":{"name":"Five"}}}""", "5")]
    [InlineData("""{"expression":{"type":"Input","value":"Five"}}""", "5")]
    [InlineData("""{"expression":{"type":"JavaScript","value":"  "}}""", "null")]
    [InlineData("""{"expression":null}""", "null")]
    [InlineData("""{"typeName":"Int32"}""", "null")]
    [InlineData("null", "null")]
    public async Task An_input_has_several_forms(string input, string seen)
    {
        var flow = new Flow().Variable("five", "Int32", "5").Input("Five", "Int32").Output("R").Box("o", "Elsa.SetOutput", ("outputName", "R"), ("outputValue", JsonNode.Parse(input)));
        var run = await new Engine(flow).StartAsync(new JsonObject { ["Five"] = 5 });
        run.Incidents.ShouldBeEmpty();
        Value.TryTo<int?>(Value.From(run.Output["R"]), out var number).ShouldBeTrue();
        (number?.ToString() ?? "null").ShouldBe(seen);
    }

    [Theory]
    [InlineData("Int32", "\"5\"", "5")]
    [InlineData("Int32", "5", "5")]
    [InlineData("Int32", "\"\"", "null")]
    [InlineData("Int32", "null", "null")]
    [InlineData("String", "\"\"", "\"\"")]
    [InlineData("ICollection<String>", "\"[\\\"a\\\"]\"", "[\"a\"]")]
    [InlineData("Object", "\"{\\\"a\\\":1}\"", "\"{\\u0022a\\u0022:1}\"")]
    public async Task A_variable_starts_with_its_value(string type, string value, string seen)
    {
        var flow = new Flow().Variable("v", type, JsonNode.Parse(value)).Output("R").Box("o", "Elsa.SetOutput", ("outputName", "R"), ("outputValue", Flow.Read("v")));
        JsonSerializer.Serialize((await new Engine(flow).StartAsync()).Output["R"]).ShouldBe(seen);
    }

    [Fact]
    public async Task A_variable_that_is_an_array_takes_json()
    {
        var json = new Flow().Output("R").Box("o", "Elsa.SetOutput", ("outputName", "R"), ("outputValue", Flow.Of("Variable", "list"))).ToJson();
        json["variables"] = new JsonArray(new JsonObject { ["id"] = "list", ["typeName"] = "Int32", ["isArray"] = true, ["value"] = "[1,2]" });
        var definition = DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!;
        (await new Engine(definition).StartAsync()).Output["R"].GetRawText().ShouldBe("[1,2]");
    }

    [Fact]
    public void What_the_reader_does_not_know_is_kept_in_the_source()
    {
        var json = new Flow().Box("a", "Test.Step", ("metadata", new JsonObject { ["designer"] = new JsonObject { ["x"] = 600 } }), ("vendorSpecific", true)).ToJson();
        json["$schema"] = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";
        json["links"] = new JsonArray();
        var definition = DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!;
        JsonNode.DeepEquals(JsonNode.Parse(definition.Source.GetRawText()), json).ShouldBeTrue();
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("\"7\"", 1)]
    [InlineData("1.5", 1)]
    [InlineData("null", 1)]
    public void A_version_that_is_no_whole_number_is_the_first(string version, int read)
    {
        var json = new Flow().Box("a").ToJson();
        json["version"] = JsonNode.Parse(version);
        DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!.Version.ShouldBe(read);
    }

    [Fact]
    public void A_box_is_found_by_its_id_wherever_it_stands()
    {
        var definition = new Flow().Box("i", "Elsa.If", ("then", Flow.Inner("inner", [Flow.Activity("deep", "Test.Step")]))).Build();
        definition.Find("deep").ShouldNotBeNull().NodeId.ShouldBe("Workflow1:root:i:inner:deep");
        definition.Find("ghost").ShouldBeNull();
        definition.Activities.Select(activity => activity.Id).ShouldBe(["root", "i", "inner", "deep"], "containers come before what they hold");
    }
}
