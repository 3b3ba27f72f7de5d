using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Studio;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Workflows.Triggers;

/// <summary>What is in service is what starts workflows.</summary>
[Collection(typeof(StudioTests))]
public sealed class IndexTests(StudioApp app)
{
    [Fact]
    public async Task Publishing_retracting_and_deleting_decide_what_starts_a_workflow()
    {
        using var studio = await app.WorkspaceAsync();
        var workspace = await app.IdAsync(studio);
        var draft = Draft.Line("Reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply"), Graphs.Trigger("t", "Elsa.Timer", "interval", "01:00:00"));
        var saved = await studio.SaveAsync(draft);
        (await TriggersAsync(workspace)).ShouldBeEmpty("a draft starts nothing");

        await studio.PostAsync($"/workflow-definitions/{saved.DefinitionId()}/publish");
        string[] first = [$"e {Event.Key(workspace, "reply")}", "t every 01:00:00"];
        (await TriggersAsync(workspace)).ShouldBe(first);

        var changed = saved.DeepClone().AsObject();
        changed["root"]!["activities"]![0]!["eventName"]!["expression"]!["value"] = "answer";
        changed = await studio.SaveAsync(changed);
        (await TriggersAsync(workspace)).ShouldBe(first);
        changed = await studio.SaveAsync(changed, publish: true);
        (await TriggersAsync(workspace)).ShouldBe([$"e {Event.Key(workspace, "answer")}", "t every 01:00:00"]);

        await studio.PostAsync($"/workflow-definitions/{saved.DefinitionId()}/revert/1");
        (await TriggersAsync(workspace)).ShouldBe([$"e {Event.Key(workspace, "answer")}", "t every 01:00:00"]);
        await studio.PostAsync($"/workflow-definitions/{saved.DefinitionId()}/publish");
        (await TriggersAsync(workspace)).ShouldBe(first);

        await studio.PostAsync($"/workflow-definitions/{saved.DefinitionId()}/retract");
        (await TriggersAsync(workspace)).ShouldBeEmpty();
        await studio.PostAsync("/workflow-definitions/import", changed);
        await studio.PostAsync($"/workflow-definitions/{saved.DefinitionId()}/publish");
        (await TriggersAsync(workspace)).Count.ShouldBe(2);
        (await studio.Http.DeleteAsync($"/elsa/api/workflow-definitions/{saved.DefinitionId()}")).EnsureSuccessStatusCode();
        (await TriggersAsync(workspace)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_trigger_that_cannot_be_known_keeps_the_workflow_from_service_and_the_error_names_the_box()
    {
        using var studio = await app.WorkspaceAsync();
        var draft = Draft.Line("Reply", Graphs.Trigger("Reply1", "Elsa.Event", "eventName", "getInput('name')", "JavaScript"));
        (await studio.RefusedAsync("/workflow-definitions", Draft.Request(draft, publish: true))).ShouldContain("box 'Reply1'");
        var saved = await studio.PostAsync("/workflow-definitions", Draft.Request(draft));
        saved["validationErrors"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldContain("before there is a run");
    }

    [Fact]
    public async Task Publishing_again_keeps_the_beat_of_a_schedule_that_did_not_change()
    {
        using var studio = await app.WorkspaceAsync();
        var workspace = await app.IdAsync(studio);
        var saved = await studio.SaveAsync(Draft.Line("Beat", Graphs.Trigger("t", "Elsa.Timer", "interval", "01:00:00"), Draft.WriteLine("w", "one")), publish: true);
        var since = await app.Db.ScalarAsync<DateTime>("select since from workflow_triggers where workspace_id = $1", workspace);
        saved["root"]!["activities"]![1]!["text"]!["expression"]!["value"] = "two";
        saved = await studio.SaveAsync(saved, publish: true);
        (await app.Db.ScalarAsync<DateTime>("select since from workflow_triggers where workspace_id = $1 and version_id = $2", workspace, saved.Id())).ShouldBe(since);
        saved["root"]!["activities"]!.AsArray().Insert(0, Graphs.Trigger("e", "Elsa.Event", "eventName", "reply"));
        saved = await studio.SaveAsync(saved, publish: true);
        (await app.Db.ScalarAsync<DateTime>("select since from workflow_triggers where workspace_id = $1 and activity_id = 't'", workspace)).ShouldBe(since, "another trigger came before it");
        saved["root"]!["activities"]![1]!["interval"]!["expression"]!["value"] = "02:00:00";
        await studio.SaveAsync(saved, publish: true);
        (await app.Db.ScalarAsync<DateTime>("select since from workflow_triggers where workspace_id = $1 and activity_id = 't'", workspace)).ShouldBeGreaterThan(since);
    }

    [Fact]
    public async Task A_shipped_workflow_starts_by_its_triggers_in_each_workspace_that_has_it_in_service()
    {
        var directory = Directory.CreateTempSubdirectory("leadsens-shipped");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "shipped.json"), Graphs.Line("shipped", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        await using var shipping = await TestApp.StartAsync(settings: ("Workflows:Directory", directory.FullName));
        (await TriggersAsync(shipping.Database, DemoWorkspace.Id)).ShouldBe([$"e {Event.Key(DemoWorkspace.Id, "reply")}"]);

        var other = Guid.CreateVersion7();
        await shipping.Database.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Later')", other);
        (await TriggersAsync(shipping.Database, other)).ShouldBe([$"e {Event.Key(other, "reply")}"]);

        using var http = shipping.Client();
        using var studio = new StudioClient(http);
        var own = await studio.OpenAsync("shipped");
        own["root"]!["activities"]![0]!["eventName"]!["expression"]!["value"] = "mine";
        await studio.SaveAsync(own, publish: true);
        (await TriggersAsync(shipping.Database, DemoWorkspace.Id)).ShouldBe([$"e {Event.Key(DemoWorkspace.Id, "mine")}"]);
        (await TriggersAsync(shipping.Database, other)).ShouldBe([$"e {Event.Key(other, "reply")}"]);

        (await http.DeleteAsync("/elsa/api/workflow-definitions/shipped")).EnsureSuccessStatusCode();
        (await TriggersAsync(shipping.Database, DemoWorkspace.Id)).ShouldBe([$"e {Event.Key(DemoWorkspace.Id, "reply")}"]);
        await studio.PostAsync("/workflow-definitions/shipped/retract");
        (await TriggersAsync(shipping.Database, DemoWorkspace.Id)).ShouldBeEmpty();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Workflows_that_were_published_before_there_were_triggers_are_read_once_at_the_start()
    {
        await using var old = await TestApp.StartAsync();
        using var http = old.Client();
        using var studio = new StudioClient(http);
        await studio.SaveAsync(Draft.Line("Old", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")), publish: true);
        await old.Database.ExecuteAsync("with a as (delete from workflow_triggers), b as (delete from workflow_version_triggers) update workflow_definitions set triggers_read = false");
        await using (TestApp.Beside(old.Database)) (await TriggersAsync(old.Database, DemoWorkspace.Id)).ShouldBe([$"e {Event.Key(DemoWorkspace.Id, "reply")}"]);
    }

    private Task<List<string>> TriggersAsync(Guid workspace) => TriggersAsync(app.Db, workspace);

    private static Task<List<string>> TriggersAsync(TestDatabase database, Guid workspace) => database.ListAsync<string>(
        "select activity_id || ' ' || coalesce(key, schedule) from workflow_triggers where workspace_id = $1 order by activity_id, ordinal", workspace);
}
