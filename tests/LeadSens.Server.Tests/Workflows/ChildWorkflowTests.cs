using System.Text.Json.Nodes;
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
        await Eventually.Be(async () => (await Workflows.GetAsync(id, CancellationToken.None))!.SubStatus == "Finished");
        (await _app.Database.ListAsync<string>("select sub_status from workflow_instances where parent_id = $1", id)).ShouldBe(Enumerable.Repeat(how, 40));
        (await _app.Database.ListAsync<string>("select event_name from workflow_journal where instance_id = $1 and activity_id = 'bulk' and event_name = 'Resumed'", id)).Count.ShouldBe(40);
    }

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
