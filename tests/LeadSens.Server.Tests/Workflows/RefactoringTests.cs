using LeadSens.Engine;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>A stored run names boxes and bookmarks, no class and no method.</summary>
public sealed class RefactoringTests : StoreTest
{
    private static readonly string Graph = Graphs.Line("asks", Graphs.Box("ask", "Test.Ask", "question", "Why?"), Graphs.WriteLine("end", "done"));

    [Fact]
    public async Task A_run_that_waits_goes_on_after_its_activity_was_written_anew()
    {
        var id = Guid.CreateVersion7();
        var before = Runner(new ActivityRegistry().Register<Ask>());
        (await before.StartAsync(new StartRequest(id, Guid.CreateVersion7(), "any"), CancellationToken.None)).Run!.SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        await Store.SendAsync(Directed("ask:Why?"), CancellationToken.None);
        var after = Runner(new ActivityRegistry().Register<QuestionForThePublic>());
        var run = await after.RunAsync((await Other.AcquireAsync(id, CancellationToken.None)).ShouldNotBeNull(), CancellationToken.None);
        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        (await Db.ListAsync<string>("select message from workflow_journal where activity_id = 'ask' and event_name = 'Suspended'")).ShouldBe(["an answer"]);
        (await Db.ListAsync<string>("select activity_id from workflow_journal where event_name = 'Completed' order by sequence")).ShouldBe(["ask", "end", "Flowchart1"]);
    }

    private WorkflowRunner Runner(ActivityRegistry activities) => new(Other, new OneDefinition(activities), new Nothing(), TimeProvider.System, new RunnerOptions());

    private sealed class OneDefinition(ActivityRegistry activities) : IDefinitionSource
    {
        private readonly WorkflowDefinition _definition = DefinitionReader.Read(Graph, activities).Definition.ShouldNotBeNull();

        public ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken) => ValueTask.FromResult<WorkflowDefinition?>(_definition);
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}

/// <summary>As it was when the run began to wait.</summary>
[Activity("Test", Name = "Ask")]
public sealed class Ask : Activity
{
    public Input<string> Question { get; } = new();

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(
        context.Resumption is null ? WaitFor(new BookmarkRequest("answer", $"ask:{context.Get(Question)}") { WaitsFor = "an answer" }) : Complete("Nobody", "Knows"));
}

/// <summary>The same type of box in another class, with another input and other methods.</summary>
[Activity("Test", Name = "Ask", Version = 2)]
public sealed class QuestionForThePublic : Activity
{
    public Input<string> Question { get; } = new();

    public Input<string> Audience { get; } = new("everybody");

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(context.ResumedBookmark == "answer" ? Answered() : Asked(context));

    private static ActivityResult Answered() => Done;

    private ActivityResult Asked(ActivityContext context) => WaitFor(new BookmarkRequest("answer", $"ask-{context.Get(Audience)}:{context.Get(Question)}"));
}
