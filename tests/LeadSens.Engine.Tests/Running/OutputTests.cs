using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Running;

/// <summary>How inputs get in and outputs get out.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Outputs_are_captured_and_given_back()
    {
        var flow = new Flow().Variable("v", "Int32").Output("Total", "Int32").Box("a", "Test.Step", ("in", Flow.Literal("42")), ("result", Flow.Capture("v")))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("Total")), ("outputValue", Flow.Read("v"))).Connect("a->o");
        var run = await new Engine(flow).StartAsync();
        run.Output["Total"].GetInt32().ShouldBe(42);
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_a_fault_that_names_the_input()
    {
        var run = await new Engine(new Flow().Variable("t", "String", "many").Box("r", "Test.Rounds", ("times", Flow.Read("t")))).StartAsync();
        run.Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe("The input 'Times' of box 'r' takes Int32, not the text 'many'.");
    }

    [Fact]
    public async Task An_output_may_be_captured_as_a_workflow_output()
    {
        var flow = new Flow().Output("Total", "Int32").Box("a", "Test.Step", ("in", Flow.Literal(42)), ("result", new JsonObject { ["memoryReference"] = new JsonObject { ["id"] = "Total" } }));
        (await new Engine(flow).StartAsync()).Output["Total"].GetInt32().ShouldBe(42);
    }

    [Fact]
    public async Task An_output_that_does_not_fit_the_workflow_output_is_a_fault_that_names_it()
    {
        var flow = new Flow().Output("Total", "Int32").Box("a", "Test.Step", ("in", Flow.Literal("many")), ("result", new JsonObject { ["memoryReference"] = new JsonObject { ["id"] = "Total" } }));
        var run = await new Engine(flow).StartAsync();
        run.Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe("The output 'Total' takes Int32, not the text 'many'.");
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_output_that_does_not_fit_its_variable_is_a_fault_that_names_the_variable()
    {
        var flow = new Flow().Variable("n", "Int32").Box("a", "Test.Step", ("in", Flow.Literal("many")), ("result", Flow.Capture("n")));
        (await new Engine(flow).StartAsync()).Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe("The variable 'n' takes Int32, not the text 'many'.");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"memoryReference":null}""")]
    [InlineData("""{"memoryReference":{"id":"ghost"}}""")]
    [InlineData("\"text\"")]
    public async Task An_output_that_nothing_captures_can_still_be_read(string capture)
    {
        var flow = new Flow().Output("R").Box("a", "Test.Step", ("in", Flow.Literal(3)), ("result", JsonNode.Parse(capture)))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Js("getOutputFrom('a', 'Result')"))).Connect("a->o");
        (await new Engine(flow).StartAsync()).Output["R"].GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task The_last_output_of_a_box_is_the_one_that_counts()
    {
        var flow = new Flow().Variable("n", "Int32", "0").Output("R").Box("r", "Test.Rounds", ("before", Flow.Read("n")), ("count", Flow.Capture("n")))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Js("getOutputFrom('r')"))).Connect("r.Again->r r->o");
        (await new Engine(flow).StartAsync()).Output["R"].GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Names_of_inputs_and_outputs_may_be_written_in_any_case()
    {
        var flow = new Flow().Variable("n", "Int32").Output("R").Box("r", "Test.Rounds", ("Times", Flow.Literal(0)), ("count", Flow.Capture("n")))
            .Box("o", "Elsa.SetOutput", ("OUTPUTNAME", Flow.Literal("R")), ("outputvalue", Flow.Read("n"))).Connect("r->o");
        (await new Engine(flow).StartAsync()).Output["R"].GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_service_that_the_host_does_not_offer_is_a_fault_that_names_it()
    {
        var run = await new Engine(new Flow().Box("fragile", "Test.Fragile")).StartAsync();
        run.Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe("The host offers no Health.");
    }

    [Fact]
    public async Task An_activity_sees_the_run_that_it_is_in()
    {
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        var seen = new List<(Guid, Guid, string?, string?, Resumption?)>();
        engine.Services.Add(Callback.Of((context, _) =>
        {
            seen.Add((context.InstanceId, context.TenantId, context.CorrelationId, context.ResumedBookmark, context.Resumption));
            return Call.Ends("Done");
        }));
        await engine.StartAsync();
        seen.ShouldBe([(engine.Id, engine.Tenant, "correlation", null, null)]);
    }
}
