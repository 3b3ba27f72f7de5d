using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Containers that run several boxes, in one burst and with suspensions.</summary>
public sealed class BranchTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Parallel_runs_its_boxes_side_by_side_and_waits_for_all(bool suspends)
    {
        var parallel = Box("p", "Parallel", ("activities", Items(Sequence("left", Visit("a"), Visit("b")), Sequence("right", Visit("c"), Visit("d")))));
        var trip = new Trip(suspends, Workflow(Sequence("s", parallel, Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe("a b c d z");
        trip.Path.ShouldBe(suspends ? trip.Path : "a c b d z", "first in, first out");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_fork_waits_for_all_branches(bool suspends)
    {
        var trip = new Trip(suspends, Workflow(Sequence("s", Box("f", "Fork", ("joinMode", "WaitAll"), ("branches", Items(Visit("a"), Visit("b")))), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a b z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_fork_that_waits_for_any_cancels_the_others(bool suspends)
    {
        var fork = Box("f", "Fork", ("joinMode", "WaitAny"), ("branches", Items(Flow.Activity("slow", "Test.Pause"), Visit("a"), Sequence("third", Flow.Activity("slower", "Test.Pause"), Visit("never")))));
        var trip = new Trip(suspends, Workflow(Sequence("s", fork, Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a z");
        trip.Events("Canceled").ShouldContain("slow");
        trip.Store.Bookmarks(trip.Id).ShouldBeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_break_in_a_branch_ends_the_fork_and_the_loop(bool suspends)
    {
        var fork = Box("f", "Fork", ("branches", Items(Flow.Activity("slow", "Test.Pause"), Sequence("b", Visit("a"), Box("stop", "Break")))));
        var trip = new Trip(suspends, Workflow(Sequence("s", Box("loop", "For", ("end", Flow.Literal(4)), ("body", fork)), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a z");
    }

    [Theory]
    [InlineData("MatchFirst", 5, "a z", false)]
    [InlineData("MatchFirst", 5, "a z", true)]
    [InlineData("MatchAny", 5, "a b z", true)]
    [InlineData("MatchAny", 1, "b z", false)]
    [InlineData("MatchFirst", -1, "other z", true)]
    public async Task Switch_runs_the_cases_that_hold(string mode, int value, string path, bool suspends)
    {
        JsonObject Case(string label, string condition, JsonObject? activity) => new() { ["label"] = label, ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = condition }, ["activity"] = activity };
        var cases = Items(Case("Big", $"{value} > 3", Visit("a")), Case("Positive", $"{value} > 0", Visit("b")));
        var trip = new Trip(suspends, Workflow(Sequence("s", Box("w", "Switch", ("cases", cases), ("mode", Flow.Literal(mode)), ("default", Visit("other"))), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe(path);
    }

    [Fact]
    public async Task A_switch_without_anything_to_run_ends()
    {
        var trip = new Trip(false, Workflow(Sequence("s", Box("w", "Switch", ("cases", Items(new JsonObject { ["label"] = "x" }))), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_flow_fork_follows_all_its_branches(bool suspends)
    {
        var fork = Box("fork", "FlowFork", ("branches", Flow.Of("Object", "[\"Left\",\"Right\"]")));
        var trip = new Trip(suspends, Workflow(Chart("root", "fork.Left->a fork.Right->b fork.Done->c a->z b->z", fork, Visit("a"), Visit("b"), Visit("c"), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a b z");
    }

    [Fact]
    public async Task A_flow_fork_without_branches_ends_with_done()
    {
        var trip = new Trip(false, Workflow(Chart("root", "fork->c", Box("fork", "FlowFork"), Visit("c"))));
        await trip.RunAsync();
        trip.Path.ShouldBe("c");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Nested_containers_have_variables_of_their_own(bool suspends)
    {
        JsonObject Set(string id, string value) => Box(id, "SetVariable", ("variable", new JsonObject { ["name"] = "n" }), ("value", Flow.Literal(value)));
        var inner = Sequence("inner", Set("s1", "inner"), Visit("a", "getVariable('n')"));
        inner["variables"] = Items(new JsonObject { ["id"] = "own", ["name"] = "n", ["typeName"] = "String" });
        var box = Box("c", "FlowNode", ("body", inner));
        var trip = new Trip(suspends, Workflow(Sequence("s", Set("s0", "outer"), box, Visit("b", "getVariable('n')"), Box("empty", "FlowNode")), "n"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=inner b=outer");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_fault_in_a_branch_lets_the_others_go_on_until_the_retry(bool suspends)
    {
        var json = Workflow(Sequence("s", Box("p", "Parallel", ("activities", Items(Visit("bad"), Sequence("q", Visit("a"), Visit("b"))))), Visit("z")));
        json["options"] = new JsonObject { ["incidentStrategyType"] = "ContinueWithIncidentsStrategy" };
        var trip = new Trip(suspends, json);
        var visits = (Visits)trip.GetService(typeof(Visits))!;
        visits.Broken.Add("bad");
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        trip.Path.ShouldBe("bad a b");
        visits.Broken.Clear();
        var run = await trip.Runner.RetryAsync(trip.Id, ["bad"], default);
        run.ShouldNotBeNull();
        await trip.GoOnAsync();
        trip.Path.ShouldBe("bad a b bad z");
    }
}
