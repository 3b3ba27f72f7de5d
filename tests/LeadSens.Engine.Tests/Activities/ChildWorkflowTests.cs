using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Boxes that start other workflows.</summary>
public sealed class ChildWorkflowTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Execute_waits_for_the_end_and_gives_how_it_went(bool suspends)
    {
        var box = Box("run", "ExecuteWorkflow", ("workflowDefinitionId", Flow.Literal("child")), ("waitForCompletion", Flow.Literal(true)), ("input", Flow.Js("({Item: 'Ada'})")), ("correlationId", Flow.Literal("c1")), ("result", Flow.Capture("r")));
        var trip = new Trip(suspends, Workflow(Sequence("s", box, Visit("z", "getVariable('r').SubStatus + getVariable('r').Output.Mark")), "r"), Child());
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=Ada/c1 z=FinishedAda!");
        trip.Store.Bookmarks(trip.Id).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, "a=x/null z=Finished")]
    [InlineData(true, "z=Suspended a=x/null")]
    public async Task Execute_without_waiting_goes_on_when_the_child_rests(bool suspends, string path)
    {
        var box = Box("run", "ExecuteWorkflow", ("workflowDefinitionId", Flow.Literal("child")), ("input", Flow.Of("Object", "{\"Item\":\"x\"}")), ("result", Flow.Capture("r")));
        var after = Box("note", "SetName", ("value", Flow.Js("getVariable('r').SubStatus")));
        var trip = new Trip(suspends, Workflow(Sequence("s", box, after), "r"), Child());
        await trip.RunAsync();
        trip.Last!.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=x/null");
        trip.Store.Journal(trip.Id).Single(entry => entry is { ActivityId: "run", EventName: "Completed" }).Payload.ShouldNotBeNull().ShouldContain(path.Split("z=")[1].Split(' ')[0]);
    }

    [Theory]
    [InlineData(true, "a=x/null z=x!")]
    [InlineData(false, "z a=x/null")]
    public async Task Dispatch_waits_only_when_it_is_told_to(bool waits, string path)
    {
        var box = Box("run", "DispatchWorkflow", ("workflowDefinitionId", Flow.Literal("child")), ("waitForCompletion", Flow.Literal(waits)), ("input", Flow.Js("({Item: 'x'})")), ("result", Flow.Capture("r")));
        var trip = new Trip(false, Workflow(Sequence("s", box, Visit("z", "(getVariable('r') || {}).Mark")), "r"), Child());
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe(path);
    }

    [Theory]
    [InlineData("a", WorkflowSubStatus.Faulted)]
    [InlineData(null, WorkflowSubStatus.Cancelled)]
    public async Task A_parent_finishes_however_the_child_ended(string? broken, WorkflowSubStatus how)
    {
        var box = Box("run", "ExecuteWorkflow", ("workflowDefinitionId", Flow.Literal("child")), ("waitForCompletion", Flow.Literal(true)), ("result", Flow.Capture("r")));
        var trip = new Trip(true, Workflow(Sequence("s", box, Visit("z", "getVariable('r').SubStatus")), "r"), Child());
        if (broken is not null) ((Visits)trip.GetService(typeof(Visits))!).Broken.Add(broken);
        await trip.Runner.StartAsync(new StartRequest(trip.Id, trip.Tenant, "trip-1"), default);
        var child = (await trip.Store.AcquireAnyAsync(10, default)).ShouldHaveSingleItem();
        await trip.Runner.RunAsync(child, default);
        if (broken is null) await trip.Runner.CancelAsync(child.Lease.InstanceId, "enough", default);
        (await trip.GoOnAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldEndWith($"z={how}");
    }

    [Fact]
    public async Task A_child_that_is_retried_after_its_fault_does_not_tell_twice()
    {
        var box = Box("run", "DispatchWorkflow", ("workflowDefinitionId", Flow.Literal("child")), ("waitForCompletion", Flow.Literal(true)));
        var trip = new Trip(false, Workflow(Sequence("s", box, Visit("z"))), Child());
        var visits = (Visits)trip.GetService(typeof(Visits))!;
        visits.Broken.Add("a");
        await trip.Runner.StartAsync(new StartRequest(trip.Id, trip.Tenant, "trip-1"), default);
        var child = (await trip.Store.AcquireAnyAsync(10, default)).ShouldHaveSingleItem();
        await trip.Runner.RunAsync(child, default);
        (await trip.GoOnAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        visits.Broken.Clear();
        (await trip.Runner.RetryAsync(child.Lease.InstanceId, null, default))!.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=null/null z a=null/null");
    }

    [Theory]
    [InlineData("'nothing'", "no published workflow")]
    [InlineData("'strict'", "takes Int32")]
    public async Task What_cannot_be_started_faults_the_box_and_leaves_nothing(string workflow, string message)
    {
        var strict = Child("strict");
        strict["inputs"] = Items(new JsonObject { ["name"] = "Item", ["type"] = "Int32" });
        var box = Box("run", "DispatchWorkflow", ("workflowDefinitionId", Flow.Js(workflow)), ("input", Flow.Js("({Item: 'x'})")));
        var trip = new Trip(false, Workflow(Sequence("s", box)), strict);
        (await trip.RunAsync()).Incidents.ShouldHaveSingleItem().Fault.Message.ShouldContain(message);
        (await trip.Store.AcquireAnyAsync(10, default)).ShouldBeEmpty();
    }

    /// <summary>Notes its input and correlation, and gives an output.</summary>
    internal static JsonObject Child(string id = "child")
    {
        var output = Box("out", "SetOutput", ("outputName", Flow.Literal("Mark")), ("outputValue", Flow.Js("getInput('Item') + '!'")));
        var json = Workflow(Sequence("s", Visit("a", "getInput('Item') + '/' + getCorrelationId()"), output), "", id);
        json["inputs"] = Items(new JsonObject { ["name"] = "Item", ["type"] = "Object" }, new JsonObject { ["name"] = "ParentInstanceId", ["type"] = "String" });
        json["outputs"] = Items(new JsonObject { ["name"] = "Mark", ["type"] = "Object" });
        return json;
    }
}
