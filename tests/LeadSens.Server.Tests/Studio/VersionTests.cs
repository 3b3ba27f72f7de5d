using System.Net;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class VersionTests(StudioApp app)
{
    [Fact]
    public async Task A_draft_changes_in_place_until_it_is_published_and_then_a_new_one_begins()
    {
        using var studio = await app.WorkspaceAsync();
        var draft = await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")));
        var id = draft.DefinitionId();

        draft = await studio.SaveAsync(draft.Writing("two"));
        (await studio.StateAsync(id)).ShouldBe("1 latest");
        draft = await studio.SaveAsync(draft, publish: true);
        (await studio.StateAsync(id)).ShouldBe("1 latest published");
        draft = await studio.SaveAsync(draft.Writing("three"));
        (await studio.StateAsync(id)).ShouldBe("2 latest, 1 published");
        await studio.SaveAsync(draft, publish: true);
        (await studio.StateAsync(id)).ShouldBe("2 latest published, 1");
    }

    [Fact]
    public async Task Publishing_from_the_list_takes_the_latest_and_says_when_it_is_there_already()
    {
        using var studio = await app.WorkspaceAsync();
        var id = (await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")))).DefinitionId();

        var first = await studio.PostAsync($"/workflow-definitions/{id}/publish");
        var second = await studio.PostAsync($"/workflow-definitions/{id}/publish");

        first["alreadyPublished"]!.GetValue<bool>().ShouldBeFalse();
        first["workflowDefinition"]!["isPublished"]!.GetValue<bool>().ShouldBeTrue();
        second["alreadyPublished"]!.GetValue<bool>().ShouldBeTrue();
        (await studio.SendAsync("/workflow-definitions/none/publish", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Retracting_takes_a_definition_out_of_service_once()
    {
        using var studio = await app.WorkspaceAsync();
        var id = (await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")), publish: true)).DefinitionId();

        var retracted = await studio.PostAsync($"/workflow-definitions/{id}/retract");

        retracted["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        (await studio.StateAsync(id)).ShouldBe("1 latest");
        (await studio.RefusedAsync($"/workflow-definitions/{id}/retract", null)).ShouldContain("not published");
        await studio.PostAsync($"/workflow-definitions/{id}/publish");
        (await studio.StateAsync(id)).ShouldBe("1 latest published");
    }

    [Fact]
    public async Task Reverting_begins_a_draft_with_the_old_text()
    {
        using var studio = await app.WorkspaceAsync();
        var old = await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")), publish: true);
        var id = old.DefinitionId();
        await studio.SaveAsync(old.DeepClone().AsObject().Writing("two"), publish: true);

        var summary = await studio.PostAsync($"/workflow-definitions/{id}/revert/1");

        summary["version"]!.GetValue<int>().ShouldBe(3);
        (await studio.StateAsync(id)).ShouldBe("3 latest, 2 published, 1");
        JsonNode.DeepEquals(Draft.Content(await studio.OpenAsync(id)), Draft.Content(old)).ShouldBeTrue();
        (await studio.SendAsync($"/workflow-definitions/{id}/revert/9", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Deleting_the_latest_makes_the_highest_that_remains_the_latest()
    {
        using var studio = await app.WorkspaceAsync();
        var first = await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")), publish: true);
        var second = await studio.SaveAsync(first.DeepClone().AsObject().Writing("two"));

        (await studio.Http.DeleteAsync($"/elsa/api/workflow-definition-versions/{second.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await studio.StateAsync(first.DefinitionId())).ShouldBe("1 latest published");
        (await studio.StatusAsync($"/workflow-definitions/by-id/{second.Id()}")).ShouldBe(HttpStatusCode.NotFound);
        (await studio.Http.DeleteAsync($"/elsa/api/workflow-definitions/{first.DefinitionId()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await studio.StatusAsync($"/workflow-definitions/by-definition-id/{first.DefinitionId()}")).ShouldBe(HttpStatusCode.NotFound);
        (await studio.Http.DeleteAsync($"/elsa/api/workflow-definitions/{first.DefinitionId()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
