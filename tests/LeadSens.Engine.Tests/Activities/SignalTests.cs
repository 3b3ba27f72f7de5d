using System.Text.Json.Nodes;
using LeadSens.Engine.BuiltIn;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Boxes that send and wait for stimuli: events and tasks.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(null, false, "finished finished")]
    [InlineData("left", false, "finished waits")]
    [InlineData(null, true, "waits waits")]
    public async Task An_event_reaches_whom_it_is_for(string? correlation, bool local, string expected)
    {
        var publish = Box("p", "PublishEvent", ("eventName", Flow.Literal("go")), ("correlationId", Flow.Literal(correlation)), ("isLocalEvent", Flow.Literal(local)), ("payload", Flow.Js("({n: 7})")));
        var listens = Workflow(Sequence("s", Box("e", "Event", ("eventName", Flow.Literal("go")), ("result", Flow.Capture("r"))), Visit("a", "getVariable('r').n")), "r", "listens");
        var trip = new Trip(false, Workflow(publish), listens);
        var (left, right) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await trip.Runner.StartAsync(new StartRequest(left, trip.Tenant, "listens-1", "left"), default);
        await trip.Runner.StartAsync(new StartRequest(right, trip.Tenant, "listens-1", "right"), default);
        await trip.RunAsync();
        string Now(Guid id) => trip.Store.Bookmarks(id).Count == 0 ? "finished" : "waits";
        $"{Now(left)} {Now(right)}".ShouldBe(expected);
        trip.Path.ShouldBe(string.Join(' ', expected.Split(' ').Where(word => word == "finished").Select(_ => "a=7")));
    }

    [Fact]
    public async Task A_local_event_resumes_another_branch_of_the_same_run()
    {
        var publish = Box("p", "PublishEvent", ("eventName", Flow.Literal("go")), ("isLocalEvent", Flow.Literal(true)));
        var trip = new Trip(false, Workflow(Box("par", "Parallel", ("activities", Items(Sequence("l", Box("e", "Event", ("eventName", Flow.Literal("go"))), Visit("a")), publish)))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a");
    }

    [Fact]
    public async Task A_task_is_asked_for_and_its_report_goes_on_with_the_run()
    {
        var task = Box("t", "RunTask", ("taskName", Flow.Literal("call")), ("payload", Flow.Js("({who: 'Ada'})")), ("taskId", Flow.Capture("id")), ("result", Flow.Capture("r")));
        var trip = new Trip(false, Workflow(Sequence("s", task, Visit("z", "getVariable('r').answer")), "id r"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        var asked = trip.Tasks.ShouldHaveSingleItem();
        (asked.InstanceId, asked.TenantId, asked.TaskName, (string?)asked.Payload?["who"]).ShouldBe((trip.Id, trip.Tenant, "call", "Ada"));
        var bookmark = trip.Store.Bookmarks(trip.Id).ShouldHaveSingleItem();
        bookmark.Key.ShouldBe(RunTask.Key(asked.TaskId));
        (await trip.SendAsync(RunTask.Key(asked.TaskId), new JsonObject { ["answer"] = "yes" })).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("z=yes");
    }

    [Theory]
    [InlineData("PublishEvent", "NoEventName")]
    [InlineData("RunTask", "NoTaskName")]
    public async Task A_box_without_a_name_faults(string type, string fault)
    {
        var trip = new Trip(false, Workflow(Box("b", type)));
        (await trip.RunAsync()).Incidents.ShouldHaveSingleItem().Fault.Type.ShouldBe(fault);
    }
}
