using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Running;

public sealed class StartTests
{
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
    public async Task Every_wrong_input_of_a_start_is_named_at_once()
    {
        var engine = new Engine(new Flow().Input("Limit", "Int32").Input("Since", "DateTimeOffset").Input("Note", "String").Box("a"));
        var input = new JsonObject { ["Limit"] = "many", ["Since"] = "yesterday", ["Note"] = 5 };
        var start = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1", null, input), default);
        start.Errors.Select(error => (error.ActivityId, error.Path, error.Message)).ShouldBe(
        [
            (null, "inputs.Limit", "The input 'Limit' takes Int32, not the text 'many'."),
            (null, "inputs.Since", "The input 'Since' takes DateTimeOffset, not the text 'yesterday'."),
        ]);
    }

    [Theory]
    [InlineData("""{"LIMIT":5}""", "5")]
    [InlineData("""{"limit":"5"}""", "5")]
    [InlineData("""{"Limit":5.0}""", "5")]
    [InlineData("""{"Limit":null}""", "null")]
    [InlineData("""{"Unknown":5}""", "null")]
    public async Task Inputs_are_matched_by_name_and_brought_into_their_type(string input, string seen)
    {
        var engine = new Engine(new Flow().Input("Limit", "Int32").Output("Seen").Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("Seen")), ("outputValue", Flow.Of("Input", "Limit"))));
        var run = await engine.StartAsync(JsonNode.Parse(input)!.AsObject());
        run.Output["Seen"].GetRawText().ShouldBe(seen);
    }

    [Fact]
    public async Task A_start_names_the_instance_and_correlates_it()
    {
        var engine = new Engine(new Flow().Output("Who").Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("Who")), ("outputValue", Flow.Js("getWorkflowInstanceName() + '/' + getCorrelationId()"))));
        var start = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1", "order-7") { Name = "Spring" }, default);
        start.Run!.Output["Who"].GetString().ShouldBe("Spring/order-7");
    }

    [Theory]
    [InlineData("Elsa.Sequence")]
    [InlineData("Test.Step")]
    [InlineData("Test.Pause")]
    public async Task Any_activity_may_be_the_root(string type)
    {
        var json = new JsonObject { ["id"] = "test-1", ["root"] = Flow.Activity("root", type) };
        var engine = new Engine(DefinitionReader.Read(json.ToJsonString(), Engine.Registry).Definition!);
        var run = await engine.StartAsync();
        if (type == "Test.Pause") run = await engine.ResumeAsync("go");
        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Store.Journal(engine.Id)[^1].ShouldSatisfyAllConditions(entry => entry.EventName.ShouldBe("Completed"), entry => entry.ParentExecutionId.ShouldBeNull());
    }

    [Fact]
    public async Task A_new_instance_that_nobody_ran_is_run_by_who_takes_it()
    {
        var engine = new Engine(new Flow().Box("a"));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var start = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), gone.Token);
        (start.Run!.Status, start.Run.SubStatus).ShouldBe((WorkflowStatus.Running, WorkflowSubStatus.Interrupted));
        engine.Story.ShouldBe("");
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a");
    }

    [Fact]
    public async Task An_instance_whose_definition_is_gone_says_so()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        var leased = (await engine.Store.SeizeAsync(engine.Id, default)).ShouldNotBeNull();
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => engine.Runner.RunAsync(leased with { DefinitionVersionId = "old-3" }, default));
        failure.Message.ShouldBe($"Instance {engine.Id} runs the definition 'old-3', which cannot be had.");
    }
}
