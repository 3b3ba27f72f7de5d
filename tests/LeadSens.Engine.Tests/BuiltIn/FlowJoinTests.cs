using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.BuiltIn;

/// <summary>A join of three branches, each of which comes at once, comes late or never comes.</summary>
public sealed class FlowJoinTests
{
    [Fact]
    public async Task A_join_on_the_first_cancels_a_faulted_branch()
    {
        var engine = new Engine(new Flow().GoesOnWithIncidents().Box("f").Box("bad", "Elsa.Fault").Box("ok").Box("late").Box("join", "Elsa.FlowJoin").Connect("f->bad f->ok ok->late late->join"));
        var flow = new Flow().GoesOnWithIncidents().Box("f").Box("bad", "Test.Fragile").Box("ok").Box("join", "Elsa.FlowJoin").Connect("f->bad f->ok bad->join ok->join");
        var joined = new Engine(flow);
        joined.Services.Add(new Health());
        var run = await joined.StartAsync();
        (run.SubStatus, run.Incidents.Count).ShouldBe((WorkflowSubStatus.Finished, 1));
        joined.Events("Canceled").ShouldBe("bad");
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
    }

    /// <summary>N: comes at once; D: its way is dead; L: comes late.</summary>
    [Theory]
    [InlineData("WaitAny", "NNN", true)]
    [InlineData("WaitAny", "DDN", true)]
    [InlineData("WaitAny", "DLL", true)]
    [InlineData("WaitAny", "DDD", false)]
    [InlineData("WaitAll", "NNN", true)]
    [InlineData("WaitAll", "NLN", true)]
    [InlineData("WaitAll", "NDN", false)]
    [InlineData("WaitAll", "LDL", false)]
    [InlineData("WaitAll", "DDD", false)]
    [InlineData("WaitAllActive", "NNN", true)]
    [InlineData("WaitAllActive", "NDL", true)]
    [InlineData("WaitAllActive", "DDN", true)]
    [InlineData("WaitAllActive", "DDD", false)]
    public async Task A_join_runs_once_or_is_skipped(string mode, string branches, bool runs)
    {
        var flow = new Flow().Box("f").Box("join", "Elsa.FlowJoin", ("mode", Flow.Literal(mode))).Box("after").Connect("join->after");
        for (var i = 0; i < branches.Length; i++)
        {
            flow.Box($"d{i}", "Elsa.FlowDecision", ("condition", Flow.Literal(branches[i] != 'D'))).Box($"b{i}", branches[i] == 'L' ? "Test.Pause" : "Test.Step", ("key", Flow.Literal($"k{i}")));
            flow.Connect($"f->d{i} d{i}.True->b{i} b{i}->join");
        }

        var engine = new Engine(flow);
        var run = await engine.StartAsync();
        for (var i = 0; run.Status == WorkflowStatus.Running; i++)
        {
            if (branches[i] == 'L') run = await engine.ResumeAsync($"k{i}");
        }

        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.Split(' ').Count(box => box == "join").ShouldBe(runs ? 1 : 0);
        engine.Path.EndsWith("join after", StringComparison.Ordinal).ShouldBe(runs);
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_mode_it_goes_on_with_the_first()
    {
        var engine = new Engine(new Flow().Box("f").Box("a").Box("wait", "Test.Pause").Box("join", "Elsa.FlowJoin").Connect("f->a f->wait a->join wait->join"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Events("Canceled").ShouldBe("wait");
    }

    [Fact]
    public async Task A_join_on_the_first_runs_once_though_two_come_in_one_burst()
    {
        var engine = new Engine(new Flow().Box("f").Box("a").Box("b").Box("join", "Elsa.FlowJoin").Box("z").Connect("f->a f->b a->join b->join join->z"));
        await engine.StartAsync();
        engine.Path.ShouldBe("f a b join z");
    }

    [Fact]
    public async Task A_join_on_the_first_leaves_what_does_not_lead_to_it()
    {
        var engine = new Engine(new Flow().Box("f").Box("a").Box("other", "Test.Pause").Box("join", "Elsa.FlowJoin").Box("z").Connect("f->a f->other a->join join->z"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        engine.Events("Canceled").ShouldBe("");
        (await engine.ResumeAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task A_cancelled_branch_does_not_hold_up_another_join()
    {
        var engine = new Engine(new Flow().Box("f").Box("a").Box("slow", "Test.Pause").Box("any", "Elsa.FlowJoin").Box("all", "Elsa.FlowJoin", ("mode", Flow.Literal("WaitAllActive")))
            .Connect("f->a f->slow a->any slow->any a->all slow->all"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("f a any all");
    }

    [Theory]
    [InlineData("Test.Pause")]
    [InlineData("Elsa.Sequence")]
    [InlineData("Elsa.If")]
    public async Task A_branch_that_comes_to_wait_after_the_join_went_on_is_cancelled(string type)
    {
        JsonNode Wait() => Flow.Activity("inside", "Test.Pause");
        var engine = new Engine(new Flow().Box("f").Box("a")
            .Box("late", type, ("activities", new JsonArray(Wait())), ("condition", Flow.Literal(true)), ("then", Wait()))
            .Box("join", "Elsa.FlowJoin").Box("z").Connect("f->a f->late a->join late->join join->z"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("f a join z");
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task In_a_loop_each_round_has_a_first_of_its_own()
    {
        var engine = new Engine(new Flow().Variable("n", "Int32", "0").Box("f").Box("a").Box("b").Box("join", "Elsa.FlowJoin")
            .Box("r", "Test.Rounds", ("before", Flow.Read("n")), ("count", Flow.Capture("n"))).Connect("f->a f->b a->join b->join join->r r.Again->f"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.Split(' ').Count(box => box == "join").ShouldBe(3);
    }

    [Fact]
    public void A_mode_that_is_computed_is_refused()
    {
        var error = new Flow().Box("join", "Elsa.FlowJoin", ("mode", Flow.Js("'WaitAll'"))).Read().Errors.ShouldHaveSingleItem();
        (error.ActivityId, error.Path, error.Message).ShouldBe(("join", "mode", "The mode of box 'join' is a constant: WaitAny, WaitAll or WaitAllActive."));
    }
}
