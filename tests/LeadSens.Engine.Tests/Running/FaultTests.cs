namespace LeadSens.Engine.Tests.Running;

public sealed class FaultTests
{
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
    public async Task A_container_that_breaks_when_its_child_has_ended_is_a_fault()
    {
        var box = Flow.Activity("careless", "Test.Careless");
        box["activity"] = Flow.Activity("inner", "Test.Step");
        var run = await new Engine(new Flow().Box(box)).StartAsync();
        (run.SubStatus, run.Incidents.ShouldHaveSingleItem().ActivityId, run.Incidents[0].Fault.Message).ShouldBe((WorkflowSubStatus.Faulted, "careless", "cannot go on"));
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
    public async Task An_incident_says_what_where_and_when()
    {
        var engine = new Engine(new Flow().Box("inner", "Elsa.Sequence", ("activities", new System.Text.Json.Nodes.JsonArray(Flow.Activity("call", "Test.Call")))));
        engine.Services.Add(Callback.Of((_, _) => throw new TimeoutException("The list did not answer.")));
        var incident = (await engine.StartAsync()).Incidents.ShouldHaveSingleItem();
        (incident.ActivityId, incident.NodeId, incident.ActivityType, incident.At).ShouldBe(("call", "Workflow1:root:inner:call", "Test.Call", engine.Time.GetUtcNow()));
        (incident.Fault.Type, incident.Fault.Message).ShouldBe(("TimeoutException", "The list did not answer."));
        var entry = engine.Entry("call", "Faulted");
        (entry.Message, entry.ExecutionId).ShouldBe(("The list did not answer.", incident.ExecutionId));
        entry.Payload.ShouldNotBeNull().ShouldStartWith("""{"type":"TimeoutException","message":"The list did not answer.","stackTrace":""");
    }

    [Fact]
    public async Task A_box_that_gives_up_by_itself_is_a_fault_and_no_shutdown()
    {
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        engine.Services.Add(Callback.Of((_, _) => throw new TaskCanceledException("The request timed out.")));
        var run = await engine.StartAsync();
        (run.SubStatus, run.Incidents.ShouldHaveSingleItem().Fault.Type).ShouldBe((WorkflowSubStatus.Faulted, "TaskCanceledException"));
    }

    [Fact]
    public async Task What_a_faulted_box_wanted_to_send_and_write_is_dropped()
    {
        var health = new Health();
        var engine = new Engine(new Flow().GoesOnWithIncidents().Box("fork").Box("wait", "Test.Pause").Box("call", "Test.Call").Connect("fork->wait fork->call"));
        engine.Services.Add(Callback.Of((context, _) =>
        {
            context.Enlist(new Written(health));
            context.Send(new Stimulus("go", "go"));
            throw new InvalidOperationException("after all");
        }));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        health.Written.ShouldBe(0);
        engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem("the wait was ended by a stimulus that was never sent");
    }

    [Fact]
    public async Task A_fault_on_resumption_ends_the_other_waits_of_the_box()
    {
        var engine = new Engine(new Flow().GoesOnWithIncidents().Box("call", "Test.Call"));
        engine.Services.Add(Callback.Of((context, _) =>
            context.Resumption is null ? Call.Waits(new BookmarkRequest("one", "k1"), new BookmarkRequest("two", "k2")) : throw new InvalidOperationException("no")));
        await engine.StartAsync();
        (await engine.ResumeAsync("k1")).Incidents.Count.ShouldBe(1);
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_container_that_faults_cancels_what_is_in_it()
    {
        var flow = new Flow().Box("i", "Elsa.If", ("condition", Flow.Js("getVariable('ghost')")), ("then", Flow.Activity("t", "Test.Step")));
        var run = await new Engine(flow).StartAsync();
        var incident = run.Incidents.ShouldHaveSingleItem();
        (incident.ActivityId, incident.Fault.Type, incident.Fault.Message).ShouldBe(("i", "ExpressionError", "There is no variable 'ghost' in scope."));
    }

    [Fact]
    public async Task Several_faults_are_several_incidents_oldest_first()
    {
        var ended = new List<EndedInstance>();
        var options = new RunnerOptions { OnEnded = instance => { ended.Add(instance); return null; } };
        var engine = new Engine(new Flow().Box("fork").Box("x", "Elsa.Fault", ("message", Flow.Literal("one"))).Box("y", "Elsa.Fault", ("message", Flow.Literal("two"))).Connect("fork->x fork->y"), options);
        var run = await engine.StartAsync();
        run.Incidents.Select(incident => incident.Fault.Message).ShouldBe(["one", "two"]);
        var end = ended.ShouldHaveSingleItem();
        (end.InstanceId, end.TenantId, end.DefinitionId, end.DefinitionVersionId, end.CorrelationId).ShouldBe((engine.Id, engine.Tenant, "test", "test-1", "correlation"));
        end.Incidents.ShouldBe(run.Incidents);
    }

    [Theory]
    [InlineData("Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core", true)]
    [InlineData("Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core", false)]
    [InlineData(null, false)]
    public void The_definition_says_whether_a_fault_ends_the_run(string? strategy, bool goesOn)
    {
        var json = new Flow().Box("a").ToJson();
        json["options"]!["incidentStrategyType"] = strategy;
        DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!.ContinueWithIncidents.ShouldBe(goesOn);
    }

    [Fact]
    public async Task A_box_that_answers_as_a_container_is_a_fault()
    {
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        engine.Services.Add(Callback.Of((_, _) => new ActivityResult.Containing()));
        (await engine.StartAsync()).Incidents.ShouldHaveSingleItem().Fault.Message.ShouldBe("Call is no container.");
    }
}
