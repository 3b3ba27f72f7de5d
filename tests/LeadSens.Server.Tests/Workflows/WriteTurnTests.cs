using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Whose bursts write at the same time.</summary>
public sealed class WriteTurnTests : StoreTest, IDefinitionSource, IServiceProvider
{
    private readonly WorkflowDefinition _definition = Parse(Graphs.Box("write", "Test.WriteTogether", "text", ""));
    private readonly WorkflowDefinition _plain = Parse(Graphs.Box("line", "Elsa.WriteLine", "text", "'x'"), "plain");
    private readonly Meeting _meeting = new();

    [Fact]
    public async Task In_company_a_workspaces_bursts_write_one_after_the_other()
    {
        var runner = new WorkflowRunner(Store, this, this, TimeProvider.System, new RunnerOptions { Places = new BurstPlaces(16, 1, 1, TimeProvider.System) });
        var (much, little) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        _meeting.Open();
        await StartAsync(runner, little);
        await StartAsync(runner, much);
        _meeting.Close();
        var runs = Enumerable.Range(0, 8).Select(_ => StartAsync(runner, much)).ToList();
        await _meeting.EnteredAsync(1);
        runs.Add(StartAsync(runner, little));
        await _meeting.EnteredAsync(2);
        _meeting.Open();
        foreach (var run in runs) (await run).Committed.ShouldBeTrue();
        _meeting.Most.ShouldBe(2, "one of each workspace");
    }

    [Fact]
    public async Task What_a_workspace_writes_keeps_none_of_its_runs_from_computing()
    {
        var runner = new WorkflowRunner(Store, this, this, TimeProvider.System, new RunnerOptions { Places = new BurstPlaces(16, 1, 1, TimeProvider.System) });
        var (much, little) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        _meeting.Open();
        await StartAsync(runner, little);
        await StartAsync(runner, much);
        _meeting.Close();
        var writes = StartAsync(runner, much);
        await _meeting.EnteredAsync(1);

        (await StartAsync(runner, much, _plain)).Committed.ShouldBeTrue();

        writes.IsCompleted.ShouldBeFalse();
        _meeting.Open();
        (await writes).Committed.ShouldBeTrue();
    }

    public ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<WorkflowDefinition?>(definitionVersionId == _plain.Id ? _plain : _definition);

    public object? GetService(Type serviceType) => serviceType == typeof(Meeting) ? _meeting : null;

    private async Task<RunResult> StartAsync(WorkflowRunner runner, Guid workspace, WorkflowDefinition? definition = null) =>
        (await runner.StartAsync(new StartRequest(Guid.CreateVersion7(), workspace, (definition ?? _definition).Id), CancellationToken.None)).Run.ShouldNotBeNull();

    private static WorkflowDefinition Parse(JsonObject box, string name = "writes")
    {
        var registry = new ActivityRegistry().Register<WriteTogether>();
        var read = DefinitionReader.Read(Graphs.Line(name, box).Replace("\"any\"", $"\"{name}\"", StringComparison.Ordinal), registry);
        return read.Definition.ShouldNotBeNull();
    }
}

/// <summary>Writes, and is kept in its transaction until the test lets it go.</summary>
[Activity("Test")]
public sealed class WriteTogether : Activity
{
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var meeting = context.Service<Meeting>();
        context.Enlist(new SqlWrite((_, _) => meeting.AttendAsync()));
        return ValueTask.FromResult(Done);
    }
}

/// <summary>How many are in it at the same time.</summary>
internal sealed class Meeting
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly Lock _gate = new();
    private TaskCompletionSource _door = new();
    private int _now;

    public int Most { get; private set; }

    public void Open() => _door.TrySetResult();

    public void Close() => (_door, Most) = (new(TaskCreationOptions.RunContinuationsAsynchronously), 0);

    /// <summary>So many have come since it was closed.</summary>
    public Task EnteredAsync(int count) => Eventually.Be(() => _entered.CurrentCount >= count);

    public async Task AttendAsync()
    {
        lock (_gate) Most = Math.Max(Most, ++_now);
        if (!_door.Task.IsCompleted) _entered.Release();
        await _door.Task;
        lock (_gate) _now--;
    }
}
