using LeadSens.Engine;
using LeadSens.Server.Tests.Studio;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows.Triggers;

/// <summary>A trigger that only one workflow of a workspace may have, as a path on the web is.</summary>
public sealed class ExclusiveTriggerTests : TriggerApp
{
    [Fact]
    public async Task Of_two_workflows_with_one_exclusive_trigger_the_second_is_not_published_and_the_error_names_both()
    {
        App.Services.GetRequiredService<ActivityRegistry>().Register<Door>();
        using var http = App.Client();
        using var studio = new StudioClient(http);
        var first = await studio.SaveAsync(Draft.Line("First", Graphs.Trigger("d1", "Test.Door", "number", "7")), publish: true);
        var second = Draft.Line("Second", Graphs.Trigger("d2", "Test.Door", "number", "7"));
        (await studio.RefusedAsync("/workflow-definitions", Draft.Request(second, publish: true))).ShouldBe("The box 'd2' takes door:7, which the box 'd1' of the published workflow 'First' takes already; only one may. Change one of them, or retract that workflow.");
        var draft = await studio.SaveAsync(second);
        (await studio.RefusedAsync($"/workflow-definitions/{draft.DefinitionId()}/publish", null)).ShouldContain("'First'");
        (await studio.RefusedAsync("/workflow-definitions", Draft.Request(Draft.Line("Both", Graphs.Trigger("a", "Test.Door", "number", "8"), Graphs.Trigger("b", "Test.Door", "number", "8")), publish: true)))
            .ShouldBe("The boxes 'a' and 'b' both take door:8, and only one may.");
        await studio.PostAsync($"/workflow-definitions/{first.DefinitionId()}/retract");
        await studio.PostAsync($"/workflow-definitions/{draft.DefinitionId()}/publish");
        (await TriggersAsync(Workspace)).ShouldBe(["d2 door:7"]);
    }

    [Fact]
    public async Task Boxes_of_a_workflow_may_change_places()
    {
        App.Services.GetRequiredService<ActivityRegistry>().Register<Door>();
        using var http = App.Client();
        using var studio = new StudioClient(http);
        var saved = await studio.SaveAsync(Draft.Line("Doors", Graphs.Trigger("a", "Test.Door", "number", "7"), Graphs.Trigger("b", "Test.Door", "number", "8")), publish: true);
        saved["root"]!["activities"]![0]!["number"]!["expression"]!["value"] = "8";
        saved["root"]!["activities"]![1]!["number"]!["expression"]!["value"] = "7";
        await studio.SaveAsync(saved, publish: true);
        (await TriggersAsync(Workspace)).ShouldBe(["a door:8", "b door:7"]);
    }
}

/// <summary>Starts a workflow when somebody knocks.</summary>
[Activity("Test")]
public sealed class Door : TriggerActivity
{
    public Input<string> Number { get; } = new();

    public override IEnumerable<TriggerRequest> Triggers(TriggerContext context) => [new TriggerRequest($"door:{context.Get(Number)}") { IsExclusive = true }];

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Done);
}
