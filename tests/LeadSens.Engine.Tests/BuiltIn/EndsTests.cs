using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.BuiltIn;

/// <summary>Start, End, Finish and Complete.</summary>
public sealed class EndsTests
{
    [Fact]
    public async Task Complete_ends_the_workflow_but_faults_in_a_nested_container()
    {
        var engine = new Engine(new Flow().Box("c", "Elsa.Complete"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        var nested = new Engine(new Flow().Box("s", "Elsa.Sequence", ("activities", new JsonArray(Flow.Activity("c", "Elsa.Complete")))));
        (await nested.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
    }

    [Theory]
    [InlineData("Elsa.End")]
    [InlineData("Elsa.Finish")]
    [InlineData("Elsa.Complete")]
    public async Task An_end_cancels_what_runs_beside_it(string type)
    {
        var engine = new Engine(new Flow().Box("f").Box("wait", "Test.Pause").Box("end", type).Box("scheduled").Connect("f->wait f->end f->scheduled"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("f end");
        engine.Events("Canceled").ShouldBe("wait");
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
        (await engine.StateAsync()).TryGetProperty("active", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Elsa.End", WorkflowSubStatus.Finished, "f bad")]
    [InlineData("Elsa.Finish", WorkflowSubStatus.Finished, "f bad")]
    public async Task An_end_beside_a_fault_leaves_the_incident_to_see(string type, WorkflowSubStatus how, string started)
    {
        var engine = new Engine(new Flow().GoesOnWithIncidents().Box("f").Box("bad", "Elsa.Fault").Box("end", type).Connect("f->bad f->end"));
        var run = await engine.StartAsync();
        (run.SubStatus, run.Incidents.ShouldHaveSingleItem().ActivityId).ShouldBe((how, "bad"));
        engine.Events("Started").ShouldStartWith(started);
    }

    [Fact]
    public async Task An_end_after_a_fault_is_a_faulted_run_where_faults_end_it()
    {
        var engine = new Engine(new Flow().Box("f").Box("bad", "Elsa.Fault").Box("end", "Elsa.End").Connect("f->bad f->end"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
    }

    [Theory]
    [InlineData("Elsa.Sequence")]
    [InlineData("Elsa.If")]
    public async Task Finish_ends_the_workflow_from_any_depth(string type)
    {
        JsonNode Finish() => Flow.Activity("finish", "Elsa.Finish");
        var engine = new Engine(new Flow().Box("f").Box("wait", "Test.Pause")
            .Box("nested", type, ("activities", new JsonArray(Finish())), ("condition", Flow.Literal(true)), ("then", Finish())).Box("never").Connect("f->wait f->nested nested->never"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("f finish");
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Complete_in_a_nested_container_says_what_is_wrong()
    {
        var engine = new Engine(new Flow().Box("s", "Elsa.Sequence", ("activities", new JsonArray(Flow.Activity("c", "Elsa.Complete")))));
        var fault = (await engine.StartAsync()).Incidents.ShouldHaveSingleItem().Fault;
        (fault.Type, fault.Message).ShouldBe(("NoComposite", "The box 'c' completes a workflow, but stands in a nested container."));
    }

    [Theory]
    [InlineData("trigger", "b")]
    [InlineData("start", "c")]
    [InlineData("Elsa.Start", "s")]
    [InlineData("canStartWorkflow", "d")]
    [InlineData("nothing leads to it", "e")]
    [InlineData("first", "a")]
    public async Task A_flowchart_looks_for_its_start_in_this_order(string found, string box)
    {
        string[] all = ["trigger", "start", "Elsa.Start", "canStartWorkflow", "nothing leads to it", "first"];
        var from = Array.IndexOf(all, found);
        var flow = new Flow().Box("a").Box("b").Box("c").Box("s", from <= 2 ? "Elsa.Start" : "Test.Step")
            .Box("d", "Test.Step", ("customProperties", new JsonObject { ["canStartWorkflow"] = from <= 3 })).Box("e").Box("p", "Test.Pause").Connect("b->p c->p s->p d->p p.Again->a p.Again->b p.Again->c p.Again->s p.Again->d");
        flow.Connect(from <= 4 ? "e->p" : "e->p p.Again->e");
        if (from <= 1) flow.StartsWith("c");
        var result = flow.Read();
        var engine = new Engine(result.Definition!);
        await engine.StartAsync(trigger: from == 0 ? "b" : null);
        engine.Events("Started").Split(' ')[0].ShouldBe(box);
    }
}
