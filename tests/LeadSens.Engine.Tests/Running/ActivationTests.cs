using LeadSens.Engine.Tests.Activities;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Running;

/// <summary>Which runs of a workflow exclude each other.</summary>
public sealed class ActivationTests
{
    [Theory]
    [InlineData(null, "c", "c", true)]
    [InlineData("Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, Elsa.Workflows.Core", "c", "c", true)]
    [InlineData("Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime", "c", "d", false)]
    [InlineData("Singleton", null, null, false)]
    [InlineData("Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, Elsa.Workflows.Runtime", "c", "c", false)]
    [InlineData("CorrelatedSingletonStrategy", "c", "d", true)]
    [InlineData("Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, Elsa.Workflows.Runtime", "c", "c", false)]
    [InlineData("Correlation", "c", "d", true)]
    public async Task A_second_run_begins_beside_the_first_or_not(string? strategy, string? first, string? second, bool begins)
    {
        var trip = new Trip(suspends: true, Only(strategy));
        (await StartAsync(trip, "only-1", first)).Errors.ShouldBeEmpty();
        var refused = await StartAsync(trip, "only-1", second);
        (refused.Run is not null, refused.IsExcluded).ShouldBe((begins, !begins));
        if (!begins) refused.Errors.ShouldHaveSingleItem().Message.ShouldContain("has not ended yet");
        await trip.GoOnAsync();
        (await StartAsync(trip, "only-1", second)).Run.ShouldNotBeNull("the first has ended");
    }

    [Theory]
    [InlineData("Singleton", true)]
    [InlineData("CorrelatedSingleton", true)]
    [InlineData("Correlation", false)]
    public async Task Correlation_is_for_all_workflows_that_ask_for_it(string strategy, bool begins)
    {
        var trip = new Trip(suspends: true, Only(strategy), Only(strategy, "second"));
        await StartAsync(trip, "only-1", "c");
        ((await StartAsync(trip, "second-1", "c")).Run is not null).ShouldBe(begins);
    }

    [Theory]
    [InlineData("CorrelatedSingleton")]
    [InlineData("Correlation")]
    public async Task A_start_without_the_correlation_id_that_the_strategy_goes_by_is_refused(string strategy)
    {
        var start = await StartAsync(new Trip(false, Only(strategy)), "only-1", " ");
        start.Errors.ShouldHaveSingleItem().Message.ShouldBe("The workflow 'only' runs once per correlation id, so a start of it needs one.");
    }

    [Fact]
    public void A_strategy_that_nobody_knows_is_an_error_of_the_definition() =>
        DefinitionReader.Read(Only("Acme.EverySecondTuesday").ToJsonString(), Engine.Registry).Errors.ShouldHaveSingleItem().Message.ShouldContain("'Acme.EverySecondTuesday' is unknown");

    [Fact]
    public async Task A_faulted_run_is_not_retried_beside_another()
    {
        var trip = new Trip(suspends: true, Only("Singleton"));
        var visits = (Visits)trip.GetService(typeof(Visits))!;
        visits.Broken.Add("a");
        var first = await StartAsync(trip, "only-1", null);
        await trip.GoOnAsync();
        visits.Broken.Clear();
        await StartAsync(trip, "only-1", null);
        (await trip.Runner.RetryAsync(first.Run!.InstanceId, null, default)).ShouldNotBeNull().IsExcluded.ShouldBeTrue();
        await trip.GoOnAsync();
        (await trip.Runner.RetryAsync(first.Run.InstanceId, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        (await StartAsync(trip, "only-1", null)).IsExcluded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("ExecuteWorkflow")]
    [InlineData("DispatchWorkflow")]
    public async Task A_box_whose_workflow_may_not_start_faults_and_says_why(string type)
    {
        var box = Box("run", type, ("workflowDefinitionId", Flow.Literal("only")), ("waitForCompletion", Flow.Literal(true)));
        var trip = new Trip(suspends: true, Workflow(Sequence("s", box)), Only("Singleton"));
        await StartAsync(trip, "only-1", null);
        var run = await trip.Runner.StartAsync(new StartRequest(trip.Id, trip.Tenant, "trip-1"), default);
        var fault = run.Run.ShouldNotBeNull().Incidents.ShouldHaveSingleItem().Fault;
        (fault.Type, fault.Message).ShouldBe(("CannotStart", "The box 'run' could not start its workflow. The workflow 'only' runs once at a time, and a run of it has not ended yet."));
        await trip.GoOnAsync();
        await trip.Runner.RetryAsync(trip.Id, null, default);
        (await trip.GoOnAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished, "the other run has ended, so a retry starts its own");
    }

    [Fact]
    public async Task A_bulk_whose_workflow_runs_once_at_a_time_finishes()
    {
        var bulk = Box("bulk", "BulkDispatchWorkflows", ("workflowDefinitionId", Flow.Literal("only")), ("items", Flow.Of("Object", "[1, 2, 3]")), ("childFaulted", Visit("f")), ("childCompleted", Visit("c")));
        var trip = new Trip(suspends: false, Workflow(Sequence("s", bulk)), Only("Singleton"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe("a c f f");
    }

    private static System.Text.Json.Nodes.JsonObject Only(string? strategy, string id = "only")
    {
        var workflow = Workflow(Sequence("s", Visit("a")), id: id);
        workflow["options"] = new System.Text.Json.Nodes.JsonObject { ["activationStrategyType"] = strategy };
        return workflow;
    }

    private static Task<StartResult> StartAsync(Trip trip, string version, string? correlation) =>
        trip.Runner.StartAsync(new StartRequest(Guid.CreateVersion7(), trip.Tenant, version, correlation), default);
}
