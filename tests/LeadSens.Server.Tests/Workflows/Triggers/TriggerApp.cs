using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows.Triggers;

/// <summary>Base of tests on what starts workflows, in the real app.</summary>
public abstract class TriggerApp : IAsyncLifetime
{
    internal TestApp App { get; private set; } = null!;

    internal TestDatabase Db => App.Database;

    internal static Guid Workspace => DemoWorkspace.Id;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task<SavedDefinition> PublishAsync(string json, Guid? workspace = null)
    {
        var saved = await App.Services.GetRequiredService<DefinitionStore>().SaveAsync(workspace ?? Workspace, json, publish: true, CancellationToken.None);
        saved.Errors.ShouldBeEmpty();
        return saved;
    }

    internal async Task SendAsync(string eventName, JsonNode? payload = null, Guid? workspace = null)
    {
        var key = LeadSens.Engine.BuiltIn.Event.Key(workspace ?? Workspace, eventName);
        await App.Services.GetRequiredService<WorkflowStore>().SendAsync(new Stimulus(key, Guid.CreateVersion7().ToString(), StimulusKind.Broadcast, payload), CancellationToken.None);
        App.Services.GetRequiredService<WorkflowSignal>().Wake();
    }

    /// <summary>How many runs of a workflow have finished.</summary>
    internal Task<long> FinishedAsync(string definition) => Db.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = $1 and sub_status = 'Finished'", definition);

    internal Task<long> StartedAsync(string definition) => Db.ScalarAsync<long>(
        "select (select count(*) from workflow_instances where definition_id = $1) + (select count(*) from workflow_starts where definition_id = $1 and refused is null)", definition);

    /// <summary>The triggers of a workspace in few words: box and key or schedule.</summary>
    internal Task<List<string>> TriggersAsync(Guid workspace) => Db.ListAsync<string>(
        "select activity_id || ' ' || coalesce(key, schedule) from workflow_triggers where workspace_id = $1 order by activity_id, ordinal", workspace);
}
