using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests;

public sealed class RunnerTests
{
    [Fact]
    public async Task A_waiting_box_is_resumed_by_its_stimulus()
    {
        var engine = new Engine(new Flow().Box("a").Box("wait", "Test.Pause").Box("b").Connect("a->wait wait->b"));
        var run = await engine.StartAsync();
        (run.Status, run.SubStatus).ShouldBe((WorkflowStatus.Running, WorkflowSubStatus.Suspended));
        var bookmark = engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem();
        (bookmark.Key, bookmark.WaitsFor, bookmark.NodeId, bookmark.ActivityType).ShouldBe(("go", "a test", "Workflow1:root:wait", "Test.Pause"));
        (await engine.ResumeAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a wait b");
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_journal_tells_the_life_of_a_box_in_order()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        await engine.ResumeAsync("go", "Done");
        var journal = engine.Store.Journal(engine.Id);
        journal.Where(entry => entry.ActivityId == "wait").Select(entry => entry.EventName).ShouldBe(["Started", "Suspended", "Resumed", "Completed"]);
        journal.Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(1, journal.Count).Select(i => (long)i));
        var completed = journal.Single(entry => entry is { ActivityId: "wait", EventName: "Completed" });
        completed.Payload.ShouldBe("""{"outputs":{"Payload":"Done"}}""");
        completed.ParentExecutionId.ShouldBe(journal[0].ExecutionId);
        journal[^1].ActivityId.ShouldBe("root");
    }

    [Fact]
    public async Task A_second_start_with_the_same_id_changes_nothing()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        var again = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), default);
        again.AlreadyExisted.ShouldBeTrue();
        again.Run.ShouldBeNull();
        engine.Events("Started").ShouldBe("wait");
    }

    [Fact]
    public async Task A_start_is_refused_with_reasons()
    {
        var engine = new Engine(new Flow().Input("Limit", "Int32").Box("a"));
        var unknown = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "nothing"), default);
        unknown.Errors.ShouldHaveSingleItem().Message.ShouldContain("nothing");
        var wrong = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1", null, new JsonObject { ["limit"] = "many" }), default);
        wrong.Errors.ShouldHaveSingleItem().Path.ShouldBe("inputs.Limit");
        var trigger = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1") { TriggerActivityId = "zz" }, default);
        trigger.Errors.ShouldHaveSingleItem().ActivityId.ShouldBe("zz");
        (await engine.Store.SeizeAsync(engine.Id, default)).ShouldBeNull("nothing was created");
    }

    [Fact]
    public async Task A_fault_ends_the_instance_after_what_was_scheduled()
    {
        var ended = new List<EndedInstance>();
        var options = new RunnerOptions { OnEnded = instance => { ended.Add(instance); return null; } };
        var engine = new Engine(new Flow().Box("f").Box("bad", "Elsa.Fault", ("code", Flow.Literal("C1")), ("message", Flow.Literal("boom"))).Box("b").Box("c").Connect("f->bad f->b b->c"), options);
        var run = await engine.StartAsync();
        (run.Status, run.SubStatus).ShouldBe((WorkflowStatus.Finished, WorkflowSubStatus.Faulted));
        var incident = run.Incidents.ShouldHaveSingleItem();
        (incident.ActivityId, incident.Fault.Type, incident.Fault.Message).ShouldBe(("bad", "C1", "boom"));
        engine.Path.ShouldBe("f b c");
        ended.ShouldHaveSingleItem().SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        engine.Store.Journal(engine.Id).Single(entry => entry.EventName == "Faulted").Message.ShouldBe("boom");
    }

    [Fact]
    public async Task An_exception_is_a_fault_and_its_writes_are_dropped()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("fragile", "Test.Fragile"));
        engine.Services.Add(health);
        var run = await engine.StartAsync();
        run.Incidents.ShouldHaveSingleItem().Fault.Type.ShouldBe("InvalidOperationException");
        run.Incidents[0].Fault.StackTrace.ShouldNotBeNull();
        health.Written.ShouldBe(0);
    }

    [Fact]
    public async Task A_retry_goes_on_from_the_faulted_box()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("a").Box("fragile", "Test.Fragile").Box("z").Connect("a->fragile fragile->z"));
        engine.Services.Add(health);
        await engine.StartAsync();
        (await engine.Runner.RetryAsync(engine.Id, ["a"], default)).ShouldBeNull();
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        health.Broken = false;
        var run = (await engine.Runner.RetryAsync(engine.Id, ["fragile"], default)).ShouldNotBeNull();
        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        run.Incidents.ShouldBeEmpty();
        engine.Path.ShouldBe("a fragile z");
        health.Written.ShouldBe(1);
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldBeNull();
        (await engine.Runner.RetryAsync(Guid.CreateVersion7(), null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_branch_that_waited_when_another_faulted_goes_on_after_the_retry()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("f").Box("wait", "Test.Pause").Box("fragile", "Test.Fragile").Box("z").Connect("f->wait f->fragile wait->z fragile->z"));
        engine.Services.Add(health);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        health.Broken = false;
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldEndWith("z");
    }

    [Fact]
    public async Task With_incidents_allowed_other_branches_go_on()
    {
        var health = new Health();
        var engine = new Engine(new Flow().GoesOnWithIncidents().Box("f").Box("fragile", "Test.Fragile").Box("wait", "Test.Pause").Box("b").Connect("f->fragile f->wait wait->b"));
        engine.Services.Add(health);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        var run = await engine.ResumeAsync("go");
        (run.SubStatus, run.Incidents.Count).ShouldBe((WorkflowSubStatus.Suspended, 1));
        engine.Path.ShouldBe("f wait b");
        health.Broken = false;
        (await engine.Runner.RetryAsync(engine.Id, null, default))!.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

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

    [Fact]
    public async Task Cancel_ends_a_waiting_instance_and_closes_its_waits()
    {
        var ended = new List<WorkflowSubStatus>();
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"), new RunnerOptions { OnEnded = instance => { ended.Add(instance.SubStatus); return null; } });
        await engine.StartAsync();
        var run = (await engine.Runner.CancelAsync(engine.Id, "not wanted", default)).ShouldNotBeNull();
        (run.Status, run.SubStatus, run.Committed).ShouldBe((WorkflowStatus.Finished, WorkflowSubStatus.Cancelled, true));
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
        engine.Events("Canceled").ShouldBe("wait");
        ended.ShouldBe([WorkflowSubStatus.Cancelled]);
        (await engine.Runner.CancelAsync(engine.Id, null, default)).ShouldBeNull();
        (await engine.Runner.CancelAsync(Guid.CreateVersion7(), null, default)).ShouldBeNull();
        ended.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_first_of_two_waits_wins_and_burns_the_other()
    {
        var engine = new Engine(new Flow().Box("d", "Test.Decide").Box("yes").Box("late").Connect("d.Decided->yes d.TimedOut->late"));
        await engine.StartAsync();
        engine.Store.Bookmarks(engine.Id).Count.ShouldBe(2);
        engine.Time.Pass(TimeSpan.FromHours(2));
        (await engine.Store.FireDueAsync(10, default)).ShouldBe(1);
        await engine.Store.SendAsync(new Stimulus("decide", "decide"), default);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("d late");
    }

    [Fact]
    public async Task An_event_reaches_all_that_wait_for_it()
    {
        var flow = new Flow().Variable("got").Box("e", "Elsa.Event", ("eventName", Flow.Literal("reply")), ("result", Flow.Capture("got"))).Box("after").Connect("e->after");
        var engine = new Engine(flow);
        await engine.StartAsync();
        var run = await engine.ResumeAsync(BuiltIn.Event.Key(engine.Tenant, "reply"), new JsonObject { ["from"] = "Ada" }, StimulusKind.Broadcast);
        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Store.Journal(engine.Id).Single(entry => entry is { ActivityId: "e", EventName: "Completed" }).Payload.ShouldBe("""{"outputs":{"Result":{"from":"Ada"}}}""");
        var triggered = new Engine(flow);
        (await triggered.StartAsync(trigger: "e")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task A_long_run_commits_in_portions()
    {
        var flow = new Flow().Variable("n", "Int32", "0").Box("r", "Test.Rounds", ("times", Flow.Literal(50)), ("before", Flow.Read("n")), ("count", Flow.Capture("n"))).Connect("r.Again->r");
        var engine = new Engine(flow, new RunnerOptions { ActivitiesPerBurst = 7 });
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.Split(' ').Length.ShouldBe(51);
        (await engine.Store.SeizeAsync(engine.Id, default))!.Lease.Version.ShouldBe(8);
    }

    [Fact]
    public async Task A_shutdown_interrupts_between_boxes_and_another_node_goes_on()
    {
        var engine = new Engine(new Flow().Box("a").Box("stop", "Test.Stop").Box("b").Connect("a->stop stop->b"));
        using var shutdown = new CancellationTokenSource();
        engine.Services.Add(shutdown);
        var start = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), shutdown.Token);
        start.Run!.SubStatus.ShouldBe(WorkflowSubStatus.Interrupted);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a stop b");
        engine.Events("Started").ShouldBe("a stop b");
    }

    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause").Box("b").Connect("wait->b"));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        var leased = (await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull();
        await engine.Runner.CancelAsync(engine.Id, null, default);
        (await engine.Runner.RunAsync(leased, default)).Committed.ShouldBeFalse();
        engine.Path.ShouldBe("");
    }

    [Fact]
    public async Task Outputs_are_captured_and_given_back()
    {
        var flow = new Flow().Variable("v", "Int32").Output("Total", "Int32").Box("a", "Test.Step", ("in", Flow.Literal("42")), ("result", Flow.Capture("v")))
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("Total")), ("outputValue", Flow.Read("v"))).Connect("a->o");
        var run = await new Engine(flow).StartAsync();
        run.Output["Total"].GetInt32().ShouldBe(42);
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_a_fault_that_names_the_input()
    {
        var run = await new Engine(new Flow().Variable("t", "String", "many").Box("r", "Test.Rounds", ("times", Flow.Read("t")))).StartAsync();
        run.Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe("The input 'Times' of box 'r' takes Int32, not the text 'many'.");
    }

    [Fact]
    public async Task Names_and_correlation_ids_are_set()
    {
        var engine = new Engine(new Flow().Box("c", "Elsa.Correlate", ("correlationId", Flow.Literal("order-7"))).Box("n", "Elsa.SetName", ("value", Flow.Js("'Run of ' + getCorrelationId()"))).Connect("c->n"));
        await engine.StartAsync();
        var state = JsonElement.Parse((await engine.Store.SeizeAsync(engine.Id, default))!.State);
        state.GetProperty("name").GetString().ShouldBe("Run of order-7");
    }

    [Fact]
    public async Task Lines_go_to_the_console_and_the_journal()
    {
        using var console = new StringWriter();
        var engine = new Engine(new Flow().Box("w", "Elsa.WriteLine", ("text", Flow.Literal("hello"))), new RunnerOptions { Console = console });
        await engine.StartAsync();
        console.ToString().ShouldBe("hello" + Environment.NewLine);
        engine.Store.Journal(engine.Id).Single(entry => entry is { ActivityId: "w", EventName: "Completed" }).Payload.ShouldBe("""{"notes":{"text":"hello"}}""");
    }

    [Theory]
    [InlineData(true, "t")]
    [InlineData(false, "e")]
    public async Task If_runs_one_of_two(bool condition, string path)
    {
        var engine = new Engine(new Flow().Box("if", "Elsa.If", ("condition", Flow.Literal(condition)), ("then", Flow.Activity("t", "Test.Step")), ("else", Flow.Activity("e", "Test.Step"))).Box("z").Connect("if->z"));
        await engine.StartAsync();
        engine.Path.ShouldBe($"{path} z");
    }

    [Theory]
    [InlineData(85, "MatchFirst", "switch hot")]
    [InlineData(85, "MatchAny", "switch hot warm")]
    [InlineData(60, "MatchFirst", "switch warm")]
    [InlineData(10, "MatchFirst", "switch cold")]
    public async Task A_switch_takes_the_case_that_holds(int score, string mode, string path)
    {
        JsonObject Case(string label, string condition) => new() { ["label"] = label, ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = condition } };
        var engine = new Engine(new Flow().Input("Score", "Int32")
            .Box("switch", "Elsa.FlowSwitch", ("cases", new JsonArray(Case("Hot", "getInput('Score') > 80"), Case("Warm", "getInput('Score') > 50"))), ("mode", Flow.Literal(mode)))
            .Box("hot").Box("warm").Box("cold").Connect("switch.Hot->hot switch.Warm->warm switch.Default->cold"));
        await engine.StartAsync(new JsonObject { ["Score"] = score });
        engine.Path.ShouldBe(path);
    }

    [Fact]
    public async Task Variables_of_a_container_hide_those_outside()
    {
        var inner = Flow.Inner("inner", [Flow.Activity("set", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "in-v" }), ("value", Flow.Literal(2))),
            Flow.Activity("wait", "Test.Pause"), Flow.Activity("read", "Test.Step", ("in", Flow.Js("getVariable('v')")))]);
        inner["variables"] = new JsonArray(new JsonObject { ["id"] = "in-v", ["name"] = "v", ["typeName"] = "Int32", ["value"] = "1" });
        var root = new Flow().Variable("v", "Int32", "7").Box("after", "Test.Step", ("in", Flow.Js("getVariable('v')")));
        var json = root.ToJson();
        json["root"]!["activities"]!.AsArray().Add(inner);
        json["root"]!["connections"]!.AsArray().Add(new JsonObject { ["source"] = "inner", ["target"] = "after" });
        var engine = new Engine(DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!);
        await engine.StartAsync();
        await engine.ResumeAsync("go");
        string? Payload(string box) => engine.Store.Journal(engine.Id).Single(entry => entry.ActivityId == box && entry.EventName == "Completed").Payload;
        Payload("read").ShouldBe("""{"outputs":{"Result":2}}""");
        Payload("after").ShouldBe("""{"outputs":{"Result":7}}""");
    }

    [Fact]
    public async Task Complete_ends_the_workflow_but_faults_in_a_nested_container()
    {
        var engine = new Engine(new Flow().Box("c", "Elsa.Complete"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        var nested = new Engine(new Flow().Box("s", "Elsa.Sequence", ("activities", new JsonArray(Flow.Activity("c", "Elsa.Complete")))));
        (await nested.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
    }
}
