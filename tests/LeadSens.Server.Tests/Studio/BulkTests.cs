using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class BulkTests(StudioApp app)
{
    [Fact]
    public async Task Several_are_published_retracted_and_deleted_at_once()
    {
        using var studio = await app.WorkspaceAsync();
        var one = await studio.SaveAsync(Draft.Line("One", Draft.WriteLine("hello", "one")));
        var two = await studio.SaveAsync(Draft.Line("Two", Draft.WriteLine("hello", "two")), publish: true);
        JsonObject Ids() => new() { ["definitionIds"] = new JsonArray(one.DefinitionId(), two.DefinitionId(), "none") };

        var published = await studio.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", Ids());
        var retracted = await studio.PostAsync("/bulk-actions/retract/workflow-definitions/by-definition-ids", Ids());
        var again = await studio.PostAsync("/bulk-actions/retract/workflow-definitions/by-definition-ids", Ids());
        var versions = await studio.PostAsync("/bulk-actions/delete/workflow-definitions/by-id", new JsonObject { ["ids"] = new JsonArray(one.Id(), "none") });
        var deleted = await studio.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", Ids());

        published["published"]!.AsArray().Single()!.GetValue<string>().ShouldBe(one.DefinitionId());
        published["alreadyPublished"]!.AsArray().Single()!.GetValue<string>().ShouldBe(two.DefinitionId());
        published["notFound"]!.AsArray().Single()!.GetValue<string>().ShouldBe("none");
        published["updatedConsumers"]!.AsArray().ShouldBeEmpty();
        retracted["retracted"]!.AsArray().Count.ShouldBe(2);
        again["alreadyRetracted"]!.AsArray().Count.ShouldBe(2);
        versions["deleted"]!.GetValue<int>().ShouldBe(1);
        deleted["deleted"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_workflow_used_as_a_box_knows_its_users_and_brings_them_up_to_date()
    {
        using var studio = await app.WorkspaceAsync();
        var used = Draft.Line("Greet", Draft.WriteLine("hello", "one"));
        used["options"] = new JsonObject { ["usableAsActivity"] = true };
        var first = await studio.SaveAsync(used, publish: true);
        var box = new JsonObject
        {
            ["id"] = "greet1", ["type"] = "Greet", ["version"] = 1, ["workflowDefinitionId"] = first.DefinitionId(), ["workflowDefinitionVersionId"] = first.Id(),
        };
        var user = await studio.SaveAsync(Draft.Line("User", box), publish: true);
        ((string?)user["root"]!["activities"]![0]!["type"]).ShouldBe("Greet");
        var second = await studio.SaveAsync(first.DeepClone().AsObject().Writing("two"), publish: true);

        var consumers = await studio.GetAsync($"/workflow-definitions/{first.DefinitionId()}/consumers");
        var updated = await studio.PostAsync($"/workflow-definitions/{first.DefinitionId()}/update-references");

        consumers["consumingWorkflowDefinitionIds"]!.AsArray().Single()!.GetValue<string>().ShouldBe(user.DefinitionId());
        updated["affectedWorkflows"]!.AsArray().Single()!.GetValue<string>().ShouldBe("User");
        var now = (await studio.OpenAsync(user.DefinitionId()))["root"]!["activities"]![0]!;
        ((string?)now["workflowDefinitionVersionId"]).ShouldBe(second.Id());
        (await studio.StateAsync(user.DefinitionId())).ShouldBe("2 latest, 1 published");
        (await studio.PostAsync($"/workflow-definitions/{first.DefinitionId()}/update-references"))["affectedWorkflows"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Scripts_are_completed_with_the_workflows_own_names()
    {
        using var studio = await app.WorkspaceAsync();
        var draft = Draft.Line("Typed", new JsonObject { ["id"] = "c1", ["name"] = "CountLeads1", ["type"] = "LeadSens.CountLeads", ["version"] = 1 });
        draft["variables"] = new JsonArray(new JsonObject { ["id"] = "v1", ["name"] = "Score", ["typeName"] = "Int32" });
        draft["inputs"] = new JsonArray(new JsonObject { ["type"] = "String", ["name"] = "Icp" });
        var made = await studio.SaveAsync(draft);

        using var answer = await studio.SendAsync($"/scripting/javascript/type-definitions/{made.DefinitionId()}", new JsonObject { ["workflowDefinitionId"] = made.DefinitionId() });

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-typescript");
        var text = await answer.Content.ReadAsStringAsync();
        foreach (var line in new[] { "getVariable(name: \"Score\"): number;", "function getScore(): number;", "function getIcp(): string | null;", "function getCountFromCountLeads1(): number;", "function newGuid(): string;" })
            text.ShouldContain(line);
    }
}
