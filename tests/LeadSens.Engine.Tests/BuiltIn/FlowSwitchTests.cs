using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.BuiltIn;

public sealed class FlowSwitchTests
{
    [Theory]
    [InlineData(85, "MatchFirst", "switch hot")]
    [InlineData(85, "MatchAny", "switch hot warm")]
    [InlineData(60, "MatchFirst", "switch warm")]
    [InlineData(10, "MatchFirst", "switch cold")]
    public async Task A_switch_takes_the_case_that_holds(int score, string mode, string path)
    {
        JsonObject Case(string label, string condition) => new() { ["label"] = label, ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = condition } };
        var engine = new Engine(new Flow().Input("Score", "Int32")
            .Box("switch", "Elsa.FlowSwitch", ("cases", new JsonArray(Case("Hot", "getInput('Score') > 80"), Case("Warm", "getInput('Score') > 50"))), ("mode", Flow.Literal(mode)))
            .Box("hot").Box("warm").Box("cold").Connect("switch.Hot->hot switch.Warm->warm switch.Default->cold"));
        await engine.StartAsync(new JsonObject { ["Score"] = score });
        engine.Path.ShouldBe(path);
    }

    [Fact]
    public async Task Cases_may_be_variables_inputs_and_literals()
    {
        var flow = new Flow().Variable("v", "Boolean", "true").Input("Go", "Boolean").Box(
            "switch", "Elsa.FlowSwitch", ("mode", Flow.Literal("MatchAny")),
            ("cases", new JsonArray(Case("A", "Variable", new JsonObject { ["id"] = "v-v", ["name"] = "v" }), Case("B", "Input", "Go"), Case("C", "Literal", true), Case("D", "Literal", "true"), Case("E", "Literal", null))));
        var engine = new Engine(flow);
        await engine.StartAsync(new JsonObject { ["Go"] = true });
        engine.Entry("switch").Payload.ShouldBe("""{"outcomes":["A","B","C","D"]}""");
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("""[{"label":"Never"}]""")]
    [InlineData("""[{"label":"Never","condition":null}]""")]
    public async Task Without_a_case_that_could_hold_it_ends_with_default(string cases)
    {
        var engine = new Engine(new Flow().Box("switch", "Elsa.FlowSwitch", ("cases", JsonNode.Parse(cases))).Box("z").Connect("switch.Default->z"));
        await engine.StartAsync();
        engine.Path.ShouldBe("switch z");
    }

    [Fact]
    public async Task A_case_after_the_one_that_holds_is_not_evaluated()
    {
        var engine = new Engine(new Flow().Box("switch", "Elsa.FlowSwitch", ("cases", new JsonArray(Case("A", "JavaScript", "1 < 2"), Case("B", "JavaScript", "throw new Error('never')")))));
        (await engine.StartAsync()).Incidents.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'perhaps'", "The case 'A' of box 'switch' takes Boolean, not the text 'perhaps'.")]
    [InlineData("7", "The case 'A' of box 'switch' takes Boolean, not 7.")]
    [InlineData("[1]", "The case 'A' of box 'switch' takes Boolean, not a list.")]
    [InlineData("({})", "The case 'A' of box 'switch' takes Boolean, not an object.")]
    public async Task A_case_that_is_no_truth_is_a_fault_that_names_it(string condition, string message)
    {
        var run = await new Engine(new Flow().Box("switch", "Elsa.FlowSwitch", ("cases", new JsonArray(Case("A", "JavaScript", condition))))).StartAsync();
        run.Incidents.ShouldHaveSingleItem().Fault.ShouldSatisfyAllConditions(fault => fault.Type.ShouldBe("ExpressionError"), fault => fault.Message.ShouldBe(message));
    }

    [Fact]
    public void A_broken_case_is_named_when_the_definition_is_read()
    {
        var errors = new Flow().Box("switch", "Elsa.FlowSwitch", ("cases", new JsonArray(Case("A", "JavaScript", "1 +"), Case("B", "Literal", true), Case("C", "Liquid", "x")))).Read().Errors;
        errors.Select(error => (error.ActivityId, error.Path)).ShouldBe([("switch", "cases[0]"), ("switch", "cases[2]")]);
    }

    [Fact]
    public void Its_ports_are_the_labels_of_its_cases()
    {
        var flow = new Flow().Box("switch", "Elsa.FlowSwitch", ("cases", new JsonArray(Case("Hot", "Literal", true)))).Box("a").Box("b").Box("c").Connect("switch.Hot->a switch.Default->b switch.Cold->c");
        var error = flow.Read().Errors.ShouldHaveSingleItem();
        (error.ActivityId, error.Path, error.Message).ShouldBe(("switch", "connections[2]", "A connection leaves box 'switch' by the port 'Cold', which it does not have (Hot, Default)."));
    }

    private static JsonObject Case(string label, string type, JsonNode? value) => new() { ["label"] = label, ["condition"] = new JsonObject { ["type"] = type, ["value"] = value } };
}
