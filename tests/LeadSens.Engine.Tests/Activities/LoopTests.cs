using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Every loop in one burst and with a suspension in each round.</summary>
public sealed class LoopTests
{
    [Theory]
    [InlineData(1, 3, 1, true, "a=1 a=2 a=3", false)]
    [InlineData(1, 3, 1, true, "a=1 a=2 a=3", true)]
    [InlineData(1, 3, 1, false, "a=1 a=2", true)]
    [InlineData(5, 0, -2, true, "a=5 a=3 a=1", true)]
    [InlineData(5, 1, -2, false, "a=5 a=3", false)]
    [InlineData(3, 1, 1, true, "", false)]
    [InlineData(2147483646, 2147483647, 1, true, "a=2147483646 a=2147483647", true)]
    public async Task For_counts_between_its_bounds(int start, int end, int step, bool inclusive, string path, bool suspends)
    {
        var loop = Box("loop", "For", ("start", Flow.Literal(start)), ("end", Flow.Literal(end)), ("step", Flow.Literal(step)), ("outerBoundInclusive", Flow.Literal(inclusive)),
            ("currentValue", Flow.Capture("n")), ("body", Visit("a", "getVariable('CurrentValue')")));
        var trip = new Trip(suspends, Workflow(Sequence("s", loop, Visit("z", "getVariable('n')")), "n"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        var last = path.Split('=')[^1];
        trip.Path.ShouldBe($"{path} z={(last.Length > 0 ? last : "null")}".Trim().Replace("z=null", "z"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task For_each_gives_each_round_its_item_and_index(bool suspends)
    {
        var loop = Box("loop", "ForEach", ("items", Flow.Js("[{n:'x'},{n:'y'}]")), ("currentValue", Flow.Capture("item")),
            ("body", Sequence("body", Visit("a", "getVariable('CurrentIndex') + variables.CurrentValue.n"), Visit("b", "getCurrentValue().n + getVariable('item').n"))));
        var trip = new Trip(suspends, Workflow(Sequence("s", loop, Visit("z")), "item"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=0x b=xx a=1y b=yy z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_loop_inside_a_loop_reads_the_item_of_the_outer_one(bool suspends)
    {
        var inner = Box("inner", "ForEach", ("items", Flow.Js("getVariable('CurrentValue')")), ("body", Visit("a", "getVariable('CurrentValue')")));
        var outer = Box("outer", "ForEach", ("items", Flow.Of("Object", "[[1,2],[3]]")), ("body", inner));
        var trip = new Trip(suspends, Workflow(outer));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=1 a=2 a=3");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task For_each_takes_its_list_once(bool suspends)
    {
        var loop = Box("loop", "ForEach", ("items", Flow.Read("list")),
            ("body", Sequence("body", Visit("a", "getVariable('CurrentValue')"), Box("set", "SetVariable", ("variable", new JsonObject { ["name"] = "list" }), ("value", Flow.Js("[9]"))))));
        var fill = Box("fill", "SetVariable", ("variable", new JsonObject { ["name"] = "list" }), ("value", Flow.Js("[1,2]")));
        var trip = new Trip(suspends, Workflow(Sequence("s", fill, loop), "list"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=1 a=2");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Parallel_for_each_runs_all_bodies_side_by_side_with_their_own_item(bool suspends)
    {
        var loop = Box("loop", "ParallelForEach", ("items", Flow.Js("['x','y','z']")), ("body", Sequence("body", Visit("a", "getVariable('CurrentIndex')"), Visit("b", "getVariable('CurrentValue')"))));
        var trip = new Trip(suspends, Workflow(Sequence("s", loop, Visit("end"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe("a=0 a=1 a=2 b=x b=y b=z end");
        if (!suspends) trip.Path.ShouldBe("a=0 a=1 a=2 b=x b=y b=z end", "first in, first out");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_single_box_is_a_body_too(bool suspends)
    {
        var trip = new Trip(suspends, Workflow(Box("loop", "ParallelForEach", ("items", Flow.Js("[7,8]")), ("body", Visit("a", "variables.CurrentValue")))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=7 a=8");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task While_asks_before_each_round(bool suspends)
    {
        var count = Box("count", "SetVariable", ("variable", new JsonObject { ["name"] = "n" }), ("value", Flow.Js("(getVariable('n') || 0) + 1")));
        var loop = Box("loop", "While", ("condition", Flow.Js("(getVariable('n') || 0) < 3")), ("body", Sequence("body", count, Visit("a", "getVariable('n')"))));
        var trip = new Trip(suspends, Workflow(Sequence("s", loop, Visit("z")), "n"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=1 a=2 a=3 z");
    }

    [Theory]
    [InlineData("ForEach", false)]
    [InlineData("ForEach", true)]
    [InlineData("For", true)]
    [InlineData("While", true)]
    public async Task Break_ends_the_loop_and_the_sequence_around_it(string type, bool suspends)
    {
        var stop = Box("if", "If", ("condition", Flow.Js("getLastResult() == 'a=1'")), ("then", Box("stop", "Break")));
        var loop = Box("loop", type, ("items", Flow.Js("[0,1,2,3]")), ("end", Flow.Literal(9)), ("condition", Flow.Literal(true)),
            ("body", Sequence("body", Visit("a", type == "While" ? "1" : "getVariable('CurrentValue')"), stop, Visit("b"))));
        var trip = new Trip(suspends, Workflow(Sequence("s", loop, Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe(type == "While" ? "a=1 z" : "a=0 b a=1 z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Break_in_a_flowchart_ends_it_with_what_still_runs_there(bool suspends)
    {
        var body = Chart("body", "f->late f->stop", Visit("f"), Flow.Activity("late", "Test.Pause"), Box("stop", "Break"));
        var trip = new Trip(suspends, Workflow(Sequence("s", Box("loop", "ForEach", ("items", Flow.Js("[1,2]")), ("body", body)), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("f z");
        trip.Events("Canceled").ShouldBe("late");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Break_in_an_inner_loop_leaves_the_outer_one_alone(bool suspends)
    {
        var inner = Box("inner", "For", ("end", Flow.Literal(5)), ("body", Sequence("body", Visit("b"), Box("stop", "Break"))));
        var trip = new Trip(suspends, Workflow(Box("outer", "For", ("start", Flow.Literal(1)), ("end", Flow.Literal(2)), ("body", Sequence("o", Visit("a"), inner)))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a b a b");
    }

    [Fact]
    public async Task Loops_without_items_or_bodies_end_at_once()
    {
        var trip = new Trip(false, Workflow(Sequence("s", Box("a", "ForEach"), Box("b", "ForEach", ("items", Flow.Js("[1]"))), Box("c", "ParallelForEach", ("items", Flow.Js("[1]"))),
            Box("d", "For", ("end", Flow.Literal(3))), Box("e", "While"), Box("f", "ParallelForEach", ("body", Visit("never"))), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("z");
    }

    [Theory]
    [InlineData("ForEach", "takes", "items", "no list")]
    [InlineData("For", "never end", "step", 0)]
    public async Task A_loop_that_makes_no_sense_faults(string type, string expected, string input, object value)
    {
        var trip = new Trip(false, Workflow(Box("loop", type, (input, Flow.Js(value is string text ? $"'{text}'" : $"{value}")), ("end", Flow.Literal(3)), ("body", Visit("a")))));
        var run = await trip.RunAsync();
        run.SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        run.Incidents.ShouldHaveSingleItem().Fault.Message.ShouldContain(expected == "takes" ? "are a list" : expected);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_retried_body_keeps_its_item(bool suspends)
    {
        var trip = new Trip(suspends, Workflow(Box("loop", "ParallelForEach", ("items", Flow.Js("[1,2]")), ("body", Visit("a", "getVariable('CurrentValue')")))));
        var visits = (Visits)trip.GetService(typeof(Visits))!;
        visits.Broken.Add("a");
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        visits.Broken.Clear();
        await trip.Runner.RetryAsync(trip.Id, null, default);
        var run = await trip.GoOnAsync();
        trip.Sorted.ShouldBe("a=1 a=1 a=2 a=2");
        trip.Store.Bookmarks(trip.Id).ShouldBeEmpty();
        run.ShouldNotBeNull();
    }
}
