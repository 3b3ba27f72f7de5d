using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.BuiltIn;

public sealed class IfTests
{
    [Theory]
    [InlineData(true, "t")]
    [InlineData(false, "e")]
    public async Task If_runs_one_of_two(bool condition, string path)
    {
        var engine = new Engine(new Flow().Box("if", "Elsa.If", ("condition", Flow.Literal(condition)), ("then", Flow.Activity("t", "Test.Step")), ("else", Flow.Activity("e", "Test.Step"))).Box("z").Connect("if->z"));
        await engine.StartAsync();
        engine.Path.ShouldBe($"{path} z");
    }

    [Theory]
    [InlineData(true, "else")]
    [InlineData(false, "then")]
    public async Task Without_a_branch_to_run_it_is_done_at_once(bool condition, string port)
    {
        var engine = new Engine(new Flow().Box("if", "Elsa.If", ("condition", Flow.Literal(condition)), (port, Flow.Activity("x", "Test.Step"))).Box("z").Connect("if->z"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("z");
    }

    [Fact]
    public async Task A_branch_may_wait_and_may_be_a_flowchart()
    {
        var inner = Flow.Inner("inner", [Flow.Activity("wait", "Test.Pause"), Flow.Activity("x", "Test.Step")], [new JsonObject { ["source"] = "wait", ["target"] = "x" }]);
        var engine = new Engine(new Flow().Box("if", "Elsa.If", ("condition", Flow.Literal(true)), ("then", inner)).Box("z").Connect("if->z"));
        await engine.StartAsync();
        (await engine.ResumeAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("wait x z");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_condition_gave_is_its_result(bool condition)
    {
        var flow = new Flow().Output("R").Box("if", "Elsa.If", ("condition", Flow.Literal(condition)))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Js("getResultFromIf()"))).Connect("if->o");
        (await new Engine(flow).StartAsync()).Output["R"].GetBoolean().ShouldBe(condition);
    }

    [Fact]
    public async Task A_condition_that_is_no_truth_is_a_fault_that_names_the_box()
    {
        var engine = new Engine(new Flow().Box("if", "Elsa.If", ("condition", Flow.Js("'perhaps'")), ("then", Flow.Activity("x", "Test.Step"))));
        (await engine.StartAsync()).Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe("The input 'Condition' of box 'if' takes Boolean, not the text 'perhaps'.");
        engine.Path.ShouldBe("");
    }

    [Fact]
    public async Task An_end_in_a_branch_ends_the_branch_only()
    {
        var engine = new Engine(new Flow().Box("if", "Elsa.If", ("condition", Flow.Literal(true)), ("then", Flow.Activity("end", "Elsa.End"))).Box("z").Connect("if->z"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("end z");
    }

    [Fact]
    public async Task A_fault_in_a_branch_is_retried_inside_it()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("if", "Elsa.If", ("condition", Flow.Literal(true)), ("then", Flow.Activity("fragile", "Test.Fragile"))).Box("z").Connect("if->z"));
        engine.Services.Add(health);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        health.Broken = false;
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("fragile z");
    }
}
