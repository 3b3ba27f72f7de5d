namespace LeadSens.Engine.Tests.BuiltIn;

public sealed class FlowchartTests
{
    [Fact]
    public async Task Boxes_run_along_their_connections()
    {
        var engine = new Engine(new Flow().Box("a").Box("b").Box("c").Connect("a->b b->c"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a b c");
    }

    [Fact]
    public async Task Only_the_way_of_the_outcome_is_followed()
    {
        var engine = new Engine(new Flow().Box("d", "Elsa.FlowDecision", ("condition", Flow.Literal(false))).Box("yes").Box("no").Connect("d.True->yes d.False->no"));
        await engine.StartAsync();
        engine.Path.ShouldBe("d no");
    }

    [Fact]
    public async Task A_box_after_two_ways_waits_for_those_taken()
    {
        var engine = new Engine(new Flow().Box("a").Box("b").Box("c").Box("d", "Elsa.FlowDecision", ("condition", Flow.Literal(true))).Box("dead").Box("end")
            .Connect("a->b a->d d.True->c d.False->dead b->end c->end dead->end"));
        await engine.StartAsync();
        engine.Path.ShouldBe("a b d c end");
    }

    [Fact]
    public async Task A_loop_goes_round_until_it_is_left()
    {
        var engine = new Engine(new Flow().Variable("n", "Int32").Box("a").Box("r", "Test.Rounds", ("times", Flow.Literal(3)), ("before", Flow.Read("n")), ("count", Flow.Capture("n"))).Box("b")
            .Connect("a->r r.Again->r r.Done->b"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a r r r r b");
    }

    [Fact]
    public async Task What_a_loop_leads_to_runs_though_an_earlier_way_there_is_dead()
    {
        var engine = new Engine(new Flow().Box("first", "Elsa.FlowDecision", ("condition", Flow.Literal(true))).Box("draft").Box("ask", "Test.Pause").Box("report")
            .Connect("first.True->draft first.False->report draft->ask ask.Again->draft ask.Done->report"));
        await engine.StartAsync();
        await engine.ResumeAsync("go", "Again");
        (await engine.ResumeAsync("go", "Done")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("first draft ask draft ask report");
    }

    [Fact]
    public async Task A_join_beside_a_loop_waits_for_its_last_round()
    {
        var engine = new Engine(new Flow().Box("fork").Box("side").Box("ask", "Test.Pause").Box("after").Box("join")
            .Connect("fork->side fork->ask ask.Again->ask ask.Done->after after->join side->join"));
        await engine.StartAsync();
        engine.Path.ShouldBe("fork side");
        await engine.ResumeAsync("go", "Again");
        engine.Path.ShouldBe("fork side ask");
        await engine.ResumeAsync("go", "Done");
        engine.Path.ShouldBe("fork side ask ask after join");
    }

    [Theory]
    [InlineData("WaitAny", "fork a c join")]
    [InlineData("WaitAll", "fork a c b join")]
    [InlineData("WaitAllActive", "fork a c b join")]
    public async Task A_join_waits_for_what_its_mode_says(string mode, string path)
    {
        var engine = new Engine(new Flow().Box("fork").Box("a").Box("b", "Test.Pause").Box("c").Box("join", "Elsa.FlowJoin", ("mode", Flow.Literal(mode)))
            .Connect("fork->a fork->b fork->c a->join b->join c->join"));
        var run = await engine.StartAsync();
        if (run.Status == WorkflowStatus.Running) run = await engine.ResumeAsync("go");
        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe(path);
        engine.Events("Canceled").ShouldBe(mode == "WaitAny" ? "b" : "");
    }

    [Fact]
    public async Task A_join_on_all_is_skipped_when_one_way_is_dead()
    {
        var engine = new Engine(new Flow().Box("d", "Elsa.FlowDecision", ("condition", Flow.Literal(true))).Box("join", "Elsa.FlowJoin", ("mode", Flow.Literal("WaitAll"))).Box("after")
            .Connect("d.True->join d.False->join join->after"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("d");
    }

    [Fact]
    public async Task End_cancels_what_still_waits()
    {
        var engine = new Engine(new Flow().Box("fork").Box("wait", "Test.Pause").Box("a").Box("end", "Elsa.End").Connect("fork->wait fork->a a->end"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Events("Canceled").ShouldBe("wait");
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task End_in_a_nested_flowchart_ends_only_that_one()
    {
        var inner = Flow.Inner("inner", [Flow.Activity("x", "Test.Step"), Flow.Activity("stop", "Elsa.End")],
            [new System.Text.Json.Nodes.JsonObject { ["source"] = "x", ["target"] = "stop", ["sourcePort"] = "Done" }]);
        var engine = new Engine(new Flow().Box("outer", "Elsa.Sequence", ("activities", new System.Text.Json.Nodes.JsonArray(inner, Flow.Activity("y", "Test.Step")))).Box("z").Connect("outer->z"));
        await engine.StartAsync();
        engine.Path.ShouldBe("x stop y z");
    }

    [Fact]
    public async Task Finish_in_a_nested_container_ends_the_workflow()
    {
        var engine = new Engine(new Flow().Box("s", "Elsa.Sequence", ("activities", new System.Text.Json.Nodes.JsonArray(Flow.Activity("f", "Elsa.Finish"), Flow.Activity("never", "Test.Step")))).Box("z").Connect("s->z"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("f");
    }

    [Fact]
    public async Task An_empty_flowchart_is_done()
    {
        var engine = new Engine(new Flow());
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task Forks_interleave_first_in_first_out()
    {
        var engine = new Engine(new Flow().Box("f").Box("a1").Box("a2").Box("b1").Box("b2").Connect("f->a1 f->b1 a1->a2 b1->b2"));
        await engine.StartAsync();
        engine.Path.ShouldBe("f a1 b1 a2 b2");
    }

    [Theory]
    [InlineData(null, "s a")]
    [InlineData("a", "a")]
    public async Task A_flowchart_starts_where_it_is_told(string? start, string path)
    {
        var flow = new Flow().Box("a").Box("s", "Elsa.Start").Connect("s->a");
        var engine = new Engine(start is null ? flow : flow.StartsWith(start));
        await engine.StartAsync();
        engine.Path.ShouldBe(path);
    }

    [Fact]
    public async Task A_loop_inside_a_loop_keeps_its_own_rounds()
    {
        var engine = new Engine(new Flow().Box("a").Box("inner", "Test.Pause", ("key", Flow.Literal("inner"))).Box("outer", "Test.Pause", ("key", Flow.Literal("outer"))).Box("z")
            .Connect("a->inner inner.Again->inner inner.Done->outer outer.Again->a outer.Done->z"));
        await engine.StartAsync();
        await engine.ResumeAsync("inner", "Again");
        await engine.ResumeAsync("inner", "Done");
        await engine.ResumeAsync("outer", "Again");
        await engine.ResumeAsync("inner", "Done");
        (await engine.ResumeAsync("outer", "Done")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a inner inner outer a inner outer z");
    }
}
