using System.Text;
using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>The box that starts a workflow for each item.</summary>
public sealed class BulkTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task All_children_are_waited_for(bool suspends)
    {
        var trip = new Trip(suspends, Workflow(Chart("root", "bulk.Completed->c bulk.Done->d", Bulk("['x','y','z']", ("correlationIdFunction", Flow.Js("'c-' + Item"))), Visit("c"), Visit("d"))), ChildWorkflowTests.Child());
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe("a=x/c-x a=y/c-y a=z/c-z c d");
        trip.Path.ShouldEndWith("c d");
        trip.Store.Bookmarks(trip.Id).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[]", true, "d")]
    [InlineData("['x']", false, "a=x/null d")]
    public async Task Without_anything_to_wait_for_it_is_only_done(string items, bool waits, string path)
    {
        var trip = new Trip(false, Workflow(Chart("root", "bulk.Completed->c bulk.Done->d", Bulk(items, ("waitForCompletion", Flow.Literal(waits))), Visit("c"), Visit("d"))), ChildWorkflowTests.Child());
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe(path);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Each_end_runs_what_the_graph_has_for_it(bool suspends)
    {
        var bulk = Bulk("[{Item:'x'},{Item:'y'}]", ("childCompleted", Visit("good", "getVariable('ChildInstanceId').length")), ("childFaulted", Visit("bad", "getVariable('ChildInstanceId').length")));
        var failing = ChildWorkflowTests.Child();
        failing["root"] = Sequence("s", Box("if", "If", ("condition", Flow.Js("getInput('Item') == 'y'")), ("then", Box("f", "Fault")), ("else", Visit("a"))));
        var trip = new Trip(suspends, Workflow(Sequence("root", bulk, Visit("z"))), failing);
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe("a bad=36 good=36 z");
        trip.Path.ShouldEndWith("z");
    }

    [Fact]
    public async Task The_parent_keeps_counts_and_no_children()
    {
        var sizes = new List<int>();
        foreach (var count in (int[])[10, 1000])
        {
            var trip = new Trip(true, Workflow(Sequence("root", Bulk($"[{string.Join(',', Enumerable.Range(0, count))}]"))), ChildWorkflowTests.Child());
            await trip.Runner.StartAsync(new StartRequest(trip.Id, trip.Tenant, "trip-1"), default);
            (await trip.Store.AcquireAnyAsync(5000, default)).Count.ShouldBe(count);
            var state = (await trip.Store.SeizeAsync(trip.Id, default))!.State;
            sizes.Add(state.Length);
            Encoding.UTF8.GetString(state).ShouldContain("stays");
        }

        (sizes[1] - sizes[0]).ShouldBeLessThan(10);
    }

    [Fact]
    public async Task A_cancelled_child_counts_as_ended()
    {
        var trip = new Trip(true, Workflow(Sequence("root", Bulk("[1,2]"), Visit("z"))), ChildWorkflowTests.Child());
        await trip.Runner.StartAsync(new StartRequest(trip.Id, trip.Tenant, "trip-1"), default);
        foreach (var child in await trip.Store.AcquireAnyAsync(10, default)) await trip.Runner.CancelAsync(child.Lease.InstanceId, null, default);
        (await trip.GoOnAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("z");
    }

    private static JsonObject Bulk(string items, params (string Name, JsonNode? Value)[] more) =>
        Box("bulk", "BulkDispatchWorkflows", [("workflowDefinitionId", Flow.Literal("child")), ("items", Flow.Js(items)), .. more]);
}
