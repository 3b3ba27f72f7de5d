using System.Text.Json.Nodes;
using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine.Tests.Definitions;

/// <summary>What starts a workflow, as its boxes declare it.</summary>
public sealed class TriggerTests
{
    private static readonly Guid Tenant = Guid.CreateVersion7();
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Boxes_that_are_marked_are_the_triggers_of_their_workflow()
    {
        var flow = new Flow()
            .Box(Marked("e", "Elsa.Event", ("eventName", Flow.Js("'re' + 'ply'")))).Box(Marked("t", "Elsa.Timer", ("interval", Flow.Literal("00:05:00"))))
            .Box(Marked("c", "Elsa.Cron", ("cronExpression", Flow.Literal("0 9 * * 1")))).Box(Marked("s", "Elsa.StartAt", ("dateTime", Flow.Literal("2026-12-24T18:00:00Z"))))
            .Box("unmarked", "Elsa.Event", ("eventName", Flow.Literal("other")));

        Read(flow, out var errors).Select(trigger => $"{trigger.ActivityId} {trigger.Request.Key ?? trigger.Request.Schedule?.ToString()}").ShouldBe(
            [$"e {Event.Key(Tenant, "reply")}", "t every 00:05:00", "c cron 0 9 * * 1", "s at 2026-12-24T18:00:00.0000000+00:00"]);
        errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Elsa.Event", "eventName", "getVariable('Name')", "box 'b'")]
    [InlineData("Elsa.Event", "eventName", "getCorrelationId()", "something else of a run")]
    [InlineData("Elsa.Event", "eventName", "getInput('x')", "before there is a run")]
    [InlineData("Elsa.Event", "eventName", "getWorkflowInstanceId()", "before there is a run")]
    [InlineData("Elsa.Event", "eventName", "''", "names no event")]
    [InlineData("Elsa.Timer", "interval", "'00:00:00'", "The shortest interval is a second")]
    [InlineData("Elsa.Timer", "interval", "'soon'", "takes TimeSpan")]
    [InlineData("Elsa.Cron", "cronExpression", "'every day'", "is wrong")]
    [InlineData("Elsa.Cron", "cronExpression", "'0 0 0 30 2 *'", "never comes")]
    [InlineData("Elsa.StartAt", "dateTime", "null", "says not when")]
    public void What_cannot_be_known_before_there_is_a_run_is_an_error_that_names_the_box(string type, string input, string script, string says)
    {
        Read(new Flow().Variable("Name", "String", "x").Box(Marked("b", type, (input, Flow.Js(script)))), out var errors).ShouldBeEmpty();
        var error = errors.ShouldHaveSingleItem();
        error.ActivityId.ShouldBe("b");
        error.Message.ShouldContain("box 'b'");
        error.Message.ShouldContain(says);
    }

    [Fact]
    public void A_box_where_no_run_can_begin_starts_nothing()
    {
        var inner = Marked("inside", "Elsa.Event", ("eventName", Flow.Literal("a")));
        Read(new Flow().Box("if", "Elsa.If", ("then", inner)), out var errors).ShouldBeEmpty();
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_begins_at_the_box_that_started_it_and_the_box_gives_what_it_carried()
    {
        var engine = new Engine(new Flow().Variable("got").Box("start", "Elsa.Start").Box("no").Box(Marked("e", "Elsa.Event", ("eventName", Flow.Literal("reply")), ("result", Flow.Capture("got"))))
            .Box("yes").Box(Marked("again", "Elsa.Event", ("eventName", Flow.Literal("reply")))).Connect("start->no e->yes yes->again"));
        var started = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1") { TriggerActivityId = "e", TriggerPayload = new JsonObject { ["from"] = "Ada" } }, default);
        started.Run.ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Suspended, "the other box stands inside the run: it waits");
        engine.Path.ShouldBe("e yes");
        engine.Store.Journal(engine.Id).Single(entry => entry is { ActivityId: "e", EventName: "Completed" }).Payload.ShouldBe("""{"outputs":{"Result":{"from":"Ada"}}}""");
    }

    [Fact]
    public async Task A_trigger_in_an_inner_flowchart_begins_there()
    {
        var inner = Flow.Inner("inner", [Flow.Activity("no", "Test.Step"), Marked("e", "Elsa.Event", ("eventName", Flow.Literal("reply")))], []);
        var engine = new Engine(new Flow().Box("first").Box(inner).Box("last").Connect("inner->last"));
        (await engine.StartAsync(trigger: "e")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("e last");
    }

    [Theory]
    [InlineData("every 00:10:00", "2026-11-20T12:10:00Z", "2026-11-20T12:30:00Z")]
    [InlineData("cron 0 */15 * * * *", "2026-11-20T12:15:00Z", "2026-11-20T12:35:00Z")]
    [InlineData("at 2026-11-20T12:20:00.0000000+00:00", "2026-11-20T12:20:00Z", "2026-11-20T12:35:00Z")]
    public void Times_that_were_missed_count_once(string text, string next, string caught)
    {
        var schedule = TriggerSchedule.Parse(text);
        schedule.ToString().ShouldBe(text);
        schedule.Next(Now).ShouldBe(Time(next));
        schedule.Caught(Now, Now.AddMinutes(35)).ShouldBe(Time(caught));
        if (text.StartsWith("at", StringComparison.Ordinal)) schedule.Next(Now.AddMinutes(35)).ShouldBeNull("that moment is over");
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static IReadOnlyList<Trigger> Read(Flow flow, out List<DefinitionError> errors) => flow.Build().FindTriggers(Tenant, Now, errors = []);

    private static JsonObject Marked(string id, string type, params (string Name, JsonNode? Value)[] inputs)
    {
        var box = Flow.Activity(id, type, inputs);
        box["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        return box;
    }
}
