using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Runs definitions whose Visit boxes either end at once or first wait for a minute each, so that the same graph is tried in one
/// burst and with the store in between.</summary>
internal sealed class Trip : IDefinitionSource, IServiceProvider
{
    private readonly List<WorkflowDefinition> _definitions;
    private readonly Visits _visits;

    public Trip(bool suspends, params IEnumerable<JsonObject> definitions) : this(Engine.Registry, suspends, definitions) { }

    public Trip(ActivityRegistry registry, bool suspends, params IEnumerable<JsonObject> definitions)
    {
        _visits = new Visits(suspends);
        _definitions = [.. definitions.Select(json => Read(json, registry))];
        Store = new InMemoryWorkflowStore(Time);
        Runner = new WorkflowRunner(Store, this, this, Time, new RunnerOptions { OnTask = OnTask });
    }

    public ManualTime Time { get; } = new();
    public InMemoryWorkflowStore Store { get; }
    public WorkflowRunner Runner { get; }
    public Guid Tenant { get; } = Guid.CreateVersion7();
    public Guid Id { get; } = Guid.CreateVersion7();
    public RunResult? Last { get; private set; }

    /// <summary>The tasks that boxes asked for.</summary>
    public List<TaskRequest> Tasks { get; } = [];

    /// <summary>What was visited, in order.</summary>
    public string Path => string.Join(' ', _visits.Seen);

    /// <summary>What was visited. Boxes whose time comes at the same moment go on in no order.</summary>
    public string Sorted => string.Join(' ', _visits.Seen.Order());

    /// <summary>Starts the first definition and lets time pass until nothing waits for it any more.</summary>
    public async Task<RunResult> RunAsync(JsonObject? input = null, string? trigger = null)
    {
        var start = await Runner.StartAsync(new StartRequest(Id, Tenant, _definitions[0].Id, "correlation", input) { TriggerActivityId = trigger }, default);
        start.Errors.ShouldBeEmpty();
        Last = start.Run.ShouldNotBeNull();
        return await GoOnAsync();
    }

    /// <summary>Lets time pass, a minute at a time, and runs what has something to do.</summary>
    public async Task<RunResult> GoOnAsync(int minutes = 40)
    {
        for (var idle = 0; idle < 2 && minutes-- > 0;)
        {
            while (await Store.AcquireAnyAsync(10, default) is { Count: > 0 } busy)
            {
                idle = 0;
                foreach (var instance in busy)
                {
                    var run = await Runner.RunAsync(instance, default);
                    if (run.InstanceId == Id) Last = run;
                }
            }

            Time.Pass(TimeSpan.FromMinutes(1));
            if (await Store.FireDueAsync(100, default) == 0) idle++;
        }

        return Last!;
    }

    public async Task<RunResult> SendAsync(string key, JsonNode? payload = null, StimulusKind kind = StimulusKind.Directed)
    {
        await Store.SendAsync(new Stimulus(key, Guid.CreateVersion7().ToString(), kind, payload), default);
        return await GoOnAsync();
    }

    private CommitWrite? OnTask(TaskRequest task)
    {
        Tasks.Add(task);
        return null;
    }

    public string Events(string name) => string.Join(' ', Store.Journal(Id).Where(entry => entry.EventName == name).Select(entry => entry.ActivityId));

    public ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_definitions.Find(definition => definition.Id == definitionVersionId));

    public ValueTask<WorkflowDefinition?> FindPublishedAsync(Guid tenantId, string definitionId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(tenantId == Tenant ? _definitions.Find(definition => definition.DefinitionId == definitionId) : null);

    public object? GetService(Type serviceType) => serviceType == typeof(Visits) ? _visits : null;

    /// <summary>A workflow with this root; variables of type Object named "a b c".</summary>
    public static JsonObject Workflow(JsonObject root, string variables = "", string id = "trip") => new()
    {
        ["id"] = $"{id}-1", ["definitionId"] = id, ["name"] = id, ["version"] = 1, ["root"] = root,
        ["variables"] = Items(variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new JsonObject { ["id"] = $"v-{name}", ["name"] = name, ["typeName"] = "Object" })),
    };

    /// <summary>Notes its id, and the value of an expression when one is given.</summary>
    public static JsonObject Visit(string id, string? script = null) => Flow.Activity(id, "Test.Visit", ("note", script is null ? null : Flow.Js(script)));

    public static JsonObject Box(string id, string type, params (string Name, JsonNode? Value)[] properties) => Flow.Activity(id, $"Elsa.{type}", properties);

    public static JsonObject Sequence(string id, params JsonObject[] boxes) => Box(id, "Sequence", ("activities", Items(boxes)));

    /// <summary>A flowchart with connections as <see cref="Flow.Connect"/> takes them.</summary>
    public static JsonObject Chart(string id, string connections, params JsonObject[] boxes)
    {
        var chart = boxes.Length == 0 ? new Flow() : new Flow().Connect(connections);
        var root = chart.ToJson()["root"]!.DeepClone().AsObject();
        (root["id"], root["activities"]) = (id, Items(boxes));
        return root;
    }

    public static JsonArray Items(params IEnumerable<JsonNode?> items) => [.. items];

    private static WorkflowDefinition Read(JsonObject json, ActivityRegistry registry)
    {
        var read = DefinitionReader.Read(json.ToJsonString(), registry);
        read.Errors.ShouldBeEmpty(string.Join("\n", read.Errors.Select(error => error.Message)));
        return read.Definition!;
    }
}

/// <summary>Where Visit boxes were, and how they behave.</summary>
public sealed class Visits(bool suspends)
{
    public bool Suspends => suspends;

    public List<string> Seen { get; } = [];

    /// <summary>Ids of boxes that fault.</summary>
    public HashSet<string> Broken { get; } = [];
}

/// <summary>Notes that it was run.</summary>
[Activity("Test")]
public sealed class Visit : Activity
{
    public Input<string> Note { get; } = new();
    public Output<string> Result { get; } = new();

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var visits = context.Service<Visits>();
        if (visits.Suspends && context.Resumption is null)
            return ValueTask.FromResult(WaitFor(new BookmarkRequest("nap", $"nap:{context.ExecutionId}") { DueIn = TimeSpan.FromMinutes(1) }));
        var seen = context.Get(Note) is { } note ? $"{Id}={note}" : Id;
        visits.Seen.Add(seen);
        context.Set(Result, seen);
        return ValueTask.FromResult(visits.Broken.Contains(Id) ? Fault("Broken", $"{Id} is broken.") : Done);
    }
}
