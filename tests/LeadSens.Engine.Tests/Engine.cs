using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests;

/// <summary>An engine in memory with the test's own boxes.</summary>
internal sealed class Engine : IDefinitionSource, IServiceProvider
{
    private readonly WorkflowDefinition _definition;

    public Engine(Flow flow, RunnerOptions? options = null) : this(flow.Build(), options) { }

    public Engine(WorkflowDefinition definition, RunnerOptions? options = null)
    {
        _definition = definition;
        Store = new InMemoryWorkflowStore(Time);
        Runner = new WorkflowRunner(Store, this, this, Time, options ?? new RunnerOptions());
    }

    public static ActivityRegistry Registry { get; } = new ActivityRegistry().RegisterAll(typeof(Engine).Assembly);

    public ManualTime Time { get; } = new();
    public InMemoryWorkflowStore Store { get; }
    public WorkflowRunner Runner { get; }
    public string DefinitionId => _definition.Id;
    public Guid Id { get; } = Guid.CreateVersion7();
    public Guid Tenant { get; init; } = Guid.CreateVersion7();
    public List<object> Services { get; } = [];

    public async Task<RunResult> StartAsync(JsonObject? input = null, string? trigger = null)
    {
        var start = await Runner.StartAsync(new StartRequest(Id, Tenant, _definition.Id, "correlation", input) { TriggerActivityId = trigger }, default);
        start.Errors.ShouldBeEmpty();
        return start.Run.ShouldNotBeNull();
    }

    /// <summary>Sends the stimulus of this key and runs the instance on.</summary>
    public async Task<RunResult> ResumeAsync(string key, JsonNode? payload = null, StimulusKind kind = StimulusKind.Directed)
    {
        await Store.SendAsync(new Stimulus(key, Guid.CreateVersion7().ToString(), kind, payload), default);
        return await RunAsync();
    }

    public async Task<RunResult> RunAsync() => await Runner.RunAsync((await Store.AcquireAsync(Id, default)).ShouldNotBeNull("it has nothing to do"), default);

    /// <summary>The boxes that completed, in order, containers left out.</summary>
    public string Path => Events("Completed");

    public string Events(string name) => string.Join(' ', Store.Journal(Id)
        .Where(entry => entry.EventName == name && entry.ActivityType is not ("Elsa.Flowchart" or "Elsa.Sequence" or "Elsa.If")).Select(entry => entry.ActivityId));

    /// <summary>What the last event of this name says about a box.</summary>
    public JournalEntry Entry(string box, string name = "Completed") => Store.Journal(Id).Last(entry => entry.ActivityId == box && entry.EventName == name);

    /// <summary>All events of the journal in order: "Started root, Started a, …".</summary>
    public string Story => string.Join(", ", Store.Journal(Id).Select(entry => $"{entry.EventName} {entry.ActivityId}"));

    /// <summary>How many bursts were committed. Takes the lease.</summary>
    public async Task<long> CommitsAsync() => (await Store.SeizeAsync(Id, default)).ShouldNotBeNull().Lease.Version;

    /// <summary>The state as it is stored. Takes the lease.</summary>
    public async Task<JsonElement> StateAsync() => JsonElement.Parse((await Store.SeizeAsync(Id, default)).ShouldNotBeNull().State);

    public ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(definitionVersionId == _definition.Id ? _definition : null);

    public object? GetService(Type serviceType) => Services.Find(serviceType.IsInstanceOfType);
}
