using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Workflows that start workflows, in the real app.</summary>
public sealed class ChildWorkflowTests : IAsyncLifetime
{
    private readonly Guid _workspace = Guid.CreateVersion7();
    private TestApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await TestApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("child", "Finished")]
    [InlineData("faulting", "Faulted")]
    public async Task A_parent_finishes_after_its_forty_children(string child, string how)
    {
        await PublishAsync(Graphs.Line("child", Graphs.WriteLine("a", "x")));
        await PublishAsync(Graphs.Line("faulting", Box("f", "Elsa.Fault", [])));
        await PublishAsync(Graphs.Line("parent", Box("bulk", "Elsa.BulkDispatchWorkflows", [("workflowDefinitionId", "Literal", child), ("items", "Object", $"[{string.Join(',', Enumerable.Range(1, 40))}]")])));
        var id = Guid.CreateVersion7();
        (await Workflows.StartAsync("parent", _workspace, null, null, id, CancellationToken.None)).Errors.ShouldBeEmpty();
        using var scope = DatabaseScope.Work(_workspace);
        await Eventually.Be(async () => (await Workflows.GetAsync(id, CancellationToken.None))!.SubStatus == "Finished");
        (await _app.Database.ListAsync<string>("select sub_status from workflow_instances where parent_id = $1", id)).ShouldBe(Enumerable.Repeat(how, 40));
        (await _app.Database.ListAsync<string>("select event_name from workflow_journal where instance_id = $1 and activity_id = 'bulk' and event_name = 'Resumed'", id)).Count.ShouldBe(40);
    }

    [Fact]
    public async Task Who_cancels_a_run_cancels_what_it_started_and_what_that_started()
    {
        await PublishAsync(Graphs.Line("leaf", Graphs.Event("never", "never")));
        await PublishAsync(Graphs.Line("child", Box("bulk", "Elsa.BulkDispatchWorkflows", [("workflowDefinitionId", "Literal", "leaf"), ("items", "Object", "[1,2,3]")])));
        await PublishAsync(Graphs.Line("parent", Box("bulk", "Elsa.BulkDispatchWorkflows", [("workflowDefinitionId", "Literal", "child"), ("items", "Object", "[1,2]")])));
        var (id, stranger) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Workflows.StartAsync("parent", _workspace, null, null, id, CancellationToken.None);
        await Workflows.StartAsync("leaf", _workspace, null, null, stranger, CancellationToken.None);
        await Eventually.Be(async () => (await StatesAsync("leaf", "Suspended")) == 7);
        (await Workflows.CancelAsync(id, "enough", CancellationToken.None)).ShouldBe(CancelOutcome.Cancelled);
        await Eventually.Be(async () => await StatesAsync("leaf", "Cancelled") == 6);
        (await StatesAsync("child", "Cancelled")).ShouldBe(2);
        using var scope = DatabaseScope.Work(_workspace);
        (await Workflows.GetAsync(stranger, CancellationToken.None))!.SubStatus.ShouldBe("Suspended");
        await Eventually.Be(async () => await _app.Database.ScalarAsync<long>("select count(*) from workflow_orphans") == 0);
    }

    private Task<long> StatesAsync(string definition, string subStatus) =>
        _app.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = $1 and sub_status = $2", definition, subStatus);

    private WorkflowService Workflows => _app.Services.GetRequiredService<WorkflowService>();

    private async Task PublishAsync(string json) =>
        (await _app.Services.GetRequiredService<DefinitionStore>().SaveAsync(_workspace, json, publish: true, CancellationToken.None)).Errors.ShouldBeEmpty();

    private static JsonObject Box(string id, string type, (string Input, string Syntax, string Value)[] inputs)
    {
        var box = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (input, syntax, value) in inputs) box[input] = new JsonObject { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value } };
        return box;
    }
}
