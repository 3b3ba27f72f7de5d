using System.Text.Json.Nodes;
using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine.Tests.BuiltIn;

public sealed class EventTests
{
    [Fact]
    public async Task An_event_reaches_all_that_wait_for_it()
    {
        var flow = new Flow().Variable("got").Box("e", "Elsa.Event", ("eventName", Flow.Literal("reply")), ("result", Flow.Capture("got"))).Box("after").Connect("e->after");
        var engine = new Engine(flow);
        await engine.StartAsync();
        var run = await engine.ResumeAsync(Event.Key(engine.Tenant, "reply"), new JsonObject { ["from"] = "Ada" }, StimulusKind.Broadcast);
        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Store.Journal(engine.Id).Single(entry => entry is { ActivityId: "e", EventName: "Completed" }).Payload.ShouldBe("""{"outputs":{"Result":{"from":"Ada"}}}""");
        var triggered = new Engine(flow);
        (await triggered.StartAsync(trigger: "e")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task An_event_without_a_name_is_a_fault_that_names_the_box(string name)
    {
        var fault = (await new Engine(new Flow().Box("e", "Elsa.Event", ("eventName", Flow.Literal(name)))).StartAsync()).Incidents.ShouldHaveSingleItem().Fault;
        (fault.Type, fault.Message).ShouldBe(("NoEventName", "The box 'e' names no event."));
    }

    [Fact]
    public async Task The_name_may_be_computed_and_is_what_a_person_reads()
    {
        var engine = new Engine(new Flow().Box("e", "Elsa.Event", ("eventName", Flow.Js("'reply-' + getCorrelationId()"))));
        await engine.StartAsync();
        var bookmark = engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem();
        (bookmark.Key, bookmark.WaitsFor).ShouldBe((Event.Key(engine.Tenant, "reply-correlation"), "Event 'reply-correlation'"));
    }

    [Fact]
    public async Task An_event_of_another_tenant_or_name_wakes_nobody()
    {
        var engine = new Engine(new Flow().Box("e", "Elsa.Event", ("eventName", Flow.Literal("reply"))));
        await engine.StartAsync();
        foreach (var key in (string[])[Event.Key(Guid.CreateVersion7(), "reply"), Event.Key(engine.Tenant, "Reply"), Event.Key(engine.Tenant, "repl")])
            await engine.Store.SendAsync(new Stimulus(key, key, StimulusKind.Broadcast), default);
        (await engine.Store.AcquireAsync(engine.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_event_that_nobody_waited_for_is_over()
    {
        var engine = new Engine(new Flow().Box("e", "Elsa.Event", ("eventName", Flow.Literal("reply"))));
        await engine.Store.SendAsync(new Stimulus(Event.Key(engine.Tenant, "reply"), "early", StimulusKind.Broadcast), default);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
    }

    [Fact]
    public async Task An_event_that_carries_nothing_gives_nothing()
    {
        var engine = new Engine(new Flow().Output("R").Box("e", "Elsa.Event", ("eventName", Flow.Literal("reply")))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Js("getOutputFrom('e') === null"))).Connect("e->o"));
        await engine.StartAsync();
        (await engine.ResumeAsync(Event.Key(engine.Tenant, "reply"), null, StimulusKind.Broadcast)).Output["R"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_event_that_started_a_run_waits_when_a_loop_comes_back_to_it()
    {
        var engine = new Engine(new Flow().Box("e", "Elsa.Event", ("eventName", Flow.Literal("reply"))).Box("ask", "Test.Pause").Connect("e->ask ask.Again->e"));
        await engine.StartAsync(trigger: "e");
        (await engine.ResumeAsync("go", "Again")).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        engine.Path.ShouldBe("e ask");
        engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem().ActivityId.ShouldBe("e");
        await engine.ResumeAsync(Event.Key(engine.Tenant, "reply"), null, StimulusKind.Broadcast);
        engine.Path.ShouldBe("e ask e");
    }
}
