using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Flowcharts in token mode, with every way of merging.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("Stream", true)]
    [InlineData("Merge", false)]
    [InlineData("Merge", true)]
    [InlineData("Converge", true)]
    public async Task A_diamond_meets_again_once(string? mode, bool suspends)
    {
        var trip = Tokens(suspends, "f->a f->b a->z b->z z->end", Visit("f"), Visit("a"), Visit("b"), Merging(mode, Visit("z")), Visit("end"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe("a b end f z");
        trip.Path.ShouldEndWith("z end");
    }

    [Theory]
    [InlineData(null, WorkflowSubStatus.Finished, "a z")]
    [InlineData("Stream", WorkflowSubStatus.Finished, "a z")]
    [InlineData("Cascade", WorkflowSubStatus.Finished, "a z")]
    [InlineData("Race", WorkflowSubStatus.Finished, "a z")]
    [InlineData("Merge", WorkflowSubStatus.Suspended, "a")]
    [InlineData("Converge", WorkflowSubStatus.Suspended, "a")]
    public async Task A_way_that_is_not_taken_holds_up_only_who_wants_all(string? mode, WorkflowSubStatus ends, string path)
    {
        var decision = Box("d", "FlowDecision", ("condition", Flow.Literal(true)));
        var trip = Tokens(false, "d.True->a d.False->b a->z b->z", decision, Visit("a"), Visit("b"), Merging(mode, Visit("z")));
        (await trip.RunAsync()).SubStatus.ShouldBe(ends);
        trip.Path.ShouldBe(path);
        trip.Store.Journal(trip.Id).Count(entry => entry is { ActivityId: "root", EventName: "Suspended", Message: not null }).ShouldBe(ends == WorkflowSubStatus.Suspended ? 1 : 0, "it says why it stands still");
    }

    [Theory]
    [InlineData("Cascade", "", "f a z slow")]
    [InlineData("Race", "wait", "f a z")]
    public async Task The_first_arrival_is_enough(string mode, string cancelled, string path)
    {
        var trip = Tokens(false, "f->a f->wait wait->slow a->z slow->z", Visit("f"), Visit("a"), Flow.Activity("wait", "Test.Pause"), Visit("slow"), Merging(mode, Visit("z")));
        var run = await trip.RunAsync();
        run.SubStatus.ShouldBe(mode == "Race" ? WorkflowSubStatus.Finished : WorkflowSubStatus.Suspended);
        trip.Events("Canceled").ShouldBe(cancelled);
        if (mode == "Cascade") (await trip.SendAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe(path);
    }

    [Theory]
    [InlineData("WaitAny", WorkflowSubStatus.Finished)]
    [InlineData("WaitAll", WorkflowSubStatus.Suspended)]
    [InlineData("WaitAllActive", WorkflowSubStatus.Suspended)]
    public async Task A_join_merges_by_its_own_mode(string mode, WorkflowSubStatus ends)
    {
        var trip = Tokens(false, "f->a f->wait a->join wait->join join->z", Visit("f"), Visit("a"), Flow.Activity("wait", "Test.Pause"), Box("join", "FlowJoin", ("mode", Flow.Literal(mode))), Visit("z"));
        (await trip.RunAsync()).SubStatus.ShouldBe(ends);
        if (ends == WorkflowSubStatus.Suspended) (await trip.SendAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("f a z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_loop_goes_round_and_leaves(bool suspends)
    {
        var rounds = Flow.Activity("r", "Test.Rounds", ("before", Flow.Js("getVariable('n') || 0")), ("count", Flow.Capture("n")));
        var trip = Tokens(suspends, "f->r r.Again->a a->r r.Done->z", Visit("f"), rounds, Visit("a", "getVariable('n')"), Visit("z"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("f a=1 a=2 z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_race_in_a_loop_is_run_anew_in_each_round(bool suspends)
    {
        var rounds = Flow.Activity("r", "Test.Rounds", ("before", Flow.Js("getVariable('n') || 0")), ("count", Flow.Capture("n")));
        var trip = Tokens(suspends, "f->a f->wait a->j wait->j j->r r.Again->f r.Done->z", Visit("f"), Visit("a"), Flow.Activity("wait", "Test.Pause"), Merging("Race", Visit("j")), rounds, Visit("z"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("f a j f a j f a j z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stream_goes_on_when_the_last_one_before_it_has_gone_another_way(bool suspends)
    {
        var decision = Box("d", "FlowDecision", ("condition", Flow.Literal(false)));
        var trip = Tokens(suspends, "f->a f->b b->d d.True->z d.False->other a->z", Visit("f"), Visit("a"), Visit("b"), decision, Visit("other"), Visit("z"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe("a b f other z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_end_ends_the_chart_with_tokens_left(bool suspends)
    {
        var trip = Tokens(suspends, "f->a f->wait a->end wait->z", Visit("f"), Visit("a"), Flow.Activity("wait", "Test.Pause"), Box("end", "End"), Visit("z"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("f a");
    }

    private static JsonObject Merging(string? mode, JsonObject box)
    {
        box["customProperties"] = new JsonObject { ["mergeMode"] = mode };
        return box;
    }

    private static Trip Tokens(bool suspends, string connections, params JsonObject[] boxes)
    {
        var json = Workflow(Chart("root", connections, boxes), "n");
        json["customProperties"] = new JsonObject { ["Flowchart:ExecutionMode"] = "TokenBased" };
        return new Trip(suspends, json);
    }
}
