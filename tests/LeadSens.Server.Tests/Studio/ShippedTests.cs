using System.Net;
using System.Text.Json.Nodes;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class ShippedTests(StudioApp app)
{
    [Fact]
    public async Task A_change_of_a_shipped_graph_is_the_workspaces_own()
    {
        using var mine = await app.WorkspaceAsync();
        using var theirs = await app.WorkspaceAsync();
        var opened = await mine.OpenAsync("campaign");
        opened["description"] = "ours";

        await mine.SaveAsync(opened, publish: true);

        (await mine.StateAsync("campaign")).ShouldBe("2 latest published, 1");
        (await theirs.StateAsync("campaign")).ShouldBe("1 latest published");
        ((string?)(await theirs.OpenAsync("campaign"))["description"]).ShouldNotBe("ours");
    }

    [Fact]
    public async Task Retracting_a_shipped_graph_holds_in_the_own_workspace_alone()
    {
        using var mine = await app.WorkspaceAsync();
        using var theirs = await app.WorkspaceAsync();
        var store = app.App.Services.GetRequiredService<DefinitionStore>();

        await mine.PostAsync("/workflow-definitions/campaign/retract");

        (await mine.StateAsync("campaign")).ShouldBe("2 latest, 1");
        (await store.PublishedVersionAsync(await app.IdAsync(mine), "campaign", CancellationToken.None)).ShouldBeNull();
        (await store.PublishedVersionAsync(await app.IdAsync(theirs), "campaign", CancellationToken.None)).ShouldNotBeNull();
        await mine.PostAsync("/workflow-definitions/campaign/publish");
        (await store.PublishedVersionAsync(await app.IdAsync(mine), "campaign", CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_shipped_graph_cannot_be_deleted_and_comes_back_when_the_copy_is()
    {
        using var mine = await app.WorkspaceAsync();
        (await StudioClient.RefusalAsync(await mine.Http.DeleteAsync("/elsa/api/workflow-definitions/campaign"))).ShouldContain("comes with LeadSens");
        var opened = await mine.OpenAsync("campaign");
        opened["description"] = "ours";
        await mine.SaveAsync(opened, publish: true);

        (await mine.Http.DeleteAsync("/elsa/api/workflow-definitions/campaign")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await mine.StateAsync("campaign")).ShouldBe("1 latest published");
        (await mine.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", new JsonObject { ["definitionIds"] = new JsonArray("campaign") }))["deleted"]!.GetValue<int>().ShouldBe(0);
    }
}
