using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>State machines, in one burst and with suspensions.</summary>
public sealed class StateMachineTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_transition_runs_its_action_between_the_states(bool suspends)
    {
        var machine = Machine([State("open", Visit("enter"), Visit("leave")), State("closed", Visit("rest"), null)], [Transition("open", "closed", Visit("close"), null, Visit("act"))]);
        var trip = new Trip(suspends, Workflow(Sequence("s", machine, Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("enter close act leave rest z");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_first_trigger_cancels_the_others(bool suspends)
    {
        var machine = Machine([State("a"), State("b"), State("c")], [Transition("a", "c", Flow.Activity("slow", "Test.Pause")), Transition("a", "b", Visit("fast"))]);
        var trip = new Trip(suspends, Workflow(Sequence("s", machine, Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("fast z");
        trip.Events("Canceled").ShouldBe("slow");
        trip.Store.Bookmarks(trip.Id).ShouldBeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_trigger_is_awaited_again_while_its_condition_does_not_hold(bool suspends)
    {
        var count = Sequence("t", Visit("tick"), Box("set", "SetVariable", ("variable", new JsonObject { ["name"] = "n" }), ("value", Flow.Js("(getVariable('n') || 0) + 1"))));
        var machine = Machine([State("a"), State("b")], [Transition("a", "b", count, "getVariable('n') == 3")]);
        var trip = new Trip(suspends, Workflow(machine, "n"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("tick tick tick");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task States_are_entered_again(bool suspends)
    {
        var count = Box("set", "SetVariable", ("variable", new JsonObject { ["name"] = "n" }), ("value", Flow.Js("(getVariable('n') || 0) + 1")));
        var done = Flow.Activity("done", "Test.Visit");
        var machine = Machine(
            [State("work", Sequence("e", Visit("work"), count)), State("check"), State("end")],
            [Transition("work", "check", Visit("ready")), Transition("check", "end", done, "getVariable('n') > 1"), Transition("check", "work", Visit("again"), "getVariable('n') < 2")]);
        var trip = new Trip(suspends, Workflow(machine, "n"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.Split(' ').Count(box => box == "work").ShouldBe(2);
    }

    [Fact]
    public async Task A_machine_without_its_first_state_ends_at_once()
    {
        var machine = Machine([State("a")], []);
        machine["initialState"] = "nowhere";
        var trip = new Trip(false, Workflow(Sequence("s", machine, Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("z");
    }

    private static JsonObject Machine(JsonObject[] states, JsonObject[] transitions) =>
        Box("m", "StateMachine", ("states", Items(states)), ("transitions", Items(transitions)), ("initialState", (string)states[0]["name"]!));

    private static JsonObject State(string name, JsonObject? entry = null, JsonObject? exit = null) => new() { ["name"] = name, ["entry"] = entry, ["exit"] = exit };

    private static JsonObject Transition(string from, string to, JsonObject trigger, string? condition = null, JsonObject? action = null) =>
        new() { ["from"] = from, ["to"] = to, ["trigger"] = trigger, ["condition"] = condition is null ? null : Flow.Js(condition), ["action"] = action };
}
