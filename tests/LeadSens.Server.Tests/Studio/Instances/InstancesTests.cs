using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;

namespace LeadSens.Server.Tests.Studio.Instances;

/// <summary>What Studio's list and viewer ask for.</summary>
public sealed class InstancesTests : StudioInstances
{
    [Fact]
    public async Task A_run_is_listed_found_and_counted()
    {
        await DefineAsync(Graphs.Line("hello", Graphs.WriteLine("one", "1"), Graphs.WriteLine("two", "2")));
        var run = await Http.PostAsJsonAsync("/elsa/api/workflow-definitions/hello/execute", new { correlationId = "c-7", versionOptions = "Latest" });
        run.EnsureSuccessStatusCode();
        var id = Guid.Parse(run.Headers.GetValues("x-elsa-workflow-instance-id").Single());
        run.Headers.GetValues("x-elsa-workflow-cannot-start").Single().ShouldBe("False");
        (await run.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("workflowState").GetProperty("subStatus").GetString().ShouldBe("Finished");

        foreach (var filter in (object[])[new { }, new { definitionId = "hello" }, new { correlationId = "c-7" }, new { status = "Finished" }, new { subStatuses = new[] { "Finished" } },
            new { searchTerm = "HELL" }, new { hasIncidents = false }, new { timestampFilters = new[] { new { column = "CreatedAt", @operator = "LessThan", timestamp = "2100-01-01T00:00:00Z" } } }])
            (await IdsAsync(filter)).ShouldBe([id], filter.ToString());
        foreach (var filter in (object[])[new { definitionId = "other" }, new { status = "Running" }, new { searchTerm = "h%l" }, new { hasIncidents = true }, new { page = 1 }])
            (await IdsAsync(filter)).ShouldBeEmpty(filter.ToString());

        var view = await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}");
        view.GetProperty("correlationId").GetString().ShouldBe("c-7");
        view.GetProperty("workflowState").GetProperty("incidents").GetArrayLength().ShouldBe(0);
        (await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}/execution-state")).GetProperty("status").GetString().ShouldBe("Finished");
    }

    [Fact]
    public async Task A_run_keeps_its_graph_when_the_definition_is_deleted()
    {
        await DefineAsync(Graphs.Line("gone", Graphs.WriteLine("one", "1")));
        var id = await RunAsync("gone");
        var version = (await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}")).GetProperty("definitionVersionId").GetString();
        (await Http.DeleteAsync("/elsa/api/workflow-definitions/gone")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var kept = await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-definitions/by-id/{version}");
        kept.GetProperty("root").GetProperty("activities").EnumerateArray().Single().GetProperty("id").GetString().ShouldBe("one");
        kept.GetProperty("links").GetArrayLength().ShouldBe(0, "nobody edits what is deleted");
        (await Http.GetAsync("/elsa/api/workflow-definitions/by-definition-id/gone")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Http.DeleteAsync($"/elsa/api/workflow-instances/{id}")).EnsureSuccessStatusCode();
        (await Http.GetAsync($"/elsa/api/workflow-definitions/by-id/{version}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "nothing refers to it any more");
    }

    [Fact]
    public async Task What_is_said_to_be_deleted_is_gone_and_what_is_not_is_still_there()
    {
        await DefineAsync(Graphs.Line("hello", Graphs.WriteLine("one", "1")));
        await DefineAsync(Graphs.Line("wait", Graphs.Event("ask", "Go")));
        var (ended, single, open, campaigns, unknown) = (await RunAsync("hello"), await RunAsync("hello"), await RunAsync("wait"), await RunAsync("hello"), Guid.CreateVersion7());
        await App.Database.ExecuteAsync("""
            insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, workflow_instance_id, created_at)
            values ($1, $2, 'c', 'Completed', '{}', 1, 5, '{}', 'hello', $1, now())
            """, campaigns, DemoWorkspace.Id);
        await App.Database.ExecuteAsync("insert into workflow_resumptions (id, instance_id, bookmark_id) values (gen_random_uuid(), $1, gen_random_uuid())", ended);

        var answer = await Http.PostAsJsonAsync("/elsa/api/bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { ended, ended, open, campaigns, unknown } });
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("deleted").GetInt64().ShouldBe(1);
        (await Http.DeleteAsync($"/elsa/api/workflow-instances/{single}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Http.DeleteAsync($"/elsa/api/workflow-instances/{unknown}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var (kept, why) in new[] { (open, "Cancel it first"), (campaigns, "run of a campaign") })
        {
            var refused = await Http.DeleteAsync($"/elsa/api/workflow-instances/{kept}");
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync()).ShouldContain(why);
        }

        (await App.Database.ListAsync<Guid>("select id from workflow_instances")).ShouldBe([open, campaigns], ignoreOrder: true);
        (await App.Database.ListAsync<string>("select subject_id from audit_entries where action = 'instance.deleted'")).ShouldBe([$"{ended}", $"{single}"], ignoreOrder: true);
        (await App.Database.ScalarAsync<long>("select count(*) from workflow_resumptions")).ShouldBe(0);
    }

    [Fact]
    public async Task The_journal_can_be_filtered_and_read_in_pages()
    {
        await DefineAsync(Graphs.Line("hello", Graphs.WriteLine("one", "1"), Graphs.WriteLine("two", "2")));
        var id = await RunAsync("hello");
        var all = await JournalAsync(id, new { filter = new { excludedActivityTypes = new[] { "Elsa.Flowchart" } } });
        all.GetProperty("items").EnumerateArray().Select(entry => $"{entry.GetProperty("activityId")} {entry.GetProperty("eventName")}")
            .ShouldBe(["one Started", "one Completed", "two Started", "two Completed"]);
        var page = await JournalAsync(id, new { filter = new { activityNodeIds = new[] { "Workflow1:Flowchart1:two" } } }, "?skip=1&take=1");
        page.GetProperty("items").EnumerateArray().Single().GetProperty("eventName").GetString().ShouldBe("Completed");
        page.GetProperty("totalCount").GetInt64().ShouldBe(2);
        (await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}/journal/one")).GetProperty("eventName").GetString().ShouldBe("Completed");
    }

    [Fact]
    public async Task A_waiting_run_says_which_box_waits_for_what()
    {
        await DefineAsync(Graphs.Line("wait", Graphs.WriteLine("one", "1"), Graphs.Event("ask", "Go")));
        var id = await RunAsync("wait");
        var state = (await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}")).GetProperty("workflowState");
        state.GetProperty("subStatus").GetString().ShouldBe("Suspended");
        var wait = state.GetProperty("bookmarks").EnumerateArray().Single();
        wait.GetProperty("activityId").GetString().ShouldBe("ask");
        wait.GetProperty("waitsFor").GetString()!.ShouldContain("Go");
        wait.GetProperty("createdAt").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);

        var stats = await StatsAsync(id);
        stats["ask"].GetProperty("isBlocked").GetBoolean().ShouldBeTrue();
        stats["one"].GetProperty("completedCount").GetInt32().ShouldBe(1);
        var executions = await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId=Workflow1:Flowchart1:ask");
        var execution = executions.GetProperty("items").EnumerateArray().Single();
        execution.GetProperty("hasBookmarks").GetBoolean().ShouldBeTrue();
        var found = await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/activity-executions/by-id?id={execution.GetProperty("id").GetGuid()}");
        found.GetProperty("status").GetString().ShouldBe("Running");
        var stack = await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/activity-executions/{execution.GetProperty("id").GetGuid()}/call-stack");
        stack.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("activityType").GetString()).ShouldBe(["Elsa.Event", "Elsa.Flowchart"]);

        (await Http.PostAsync($"/elsa/api/cancel/workflow-instances/{id}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}/execution-state")).GetProperty("subStatus").GetString().ShouldBe("Cancelled");
        (await Http.DeleteAsync($"/elsa/api/workflow-instances/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Http.GetAsync($"/elsa/api/workflow-instances/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_faulted_run_shows_its_incident_and_runs_again_from_there()
    {
        var id = await RunAsync("campaign");
        var state = (await Http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}")).GetProperty("workflowState");
        var incident = state.GetProperty("incidents").EnumerateArray().Single();
        incident.GetProperty("activityId").GetString().ShouldBe("count");
        incident.GetProperty("exception").GetProperty("type").GetString().ShouldBe("campaign_missing");
        (await StatsAsync(id))["count"].GetProperty("isFaulted").GetBoolean().ShouldBeTrue();

        var results = await (await Http.PostAsJsonAsync("/elsa/api/alterations/workflows/retry", new { workflowInstanceIds = new[] { id } })).Content.ReadFromJsonAsync<JsonElement>();
        results.GetProperty("results").EnumerateArray().Single().GetProperty("isSuccessful").GetBoolean().ShouldBeTrue();
        await Eventually.Be(async () => (await StatsAsync(id))["count"].GetProperty("aggregateFaultCount").GetInt32() == 2);
    }

    [Fact]
    public async Task An_unknown_workflow_is_not_found_and_a_wrong_one_says_why()
    {
        (await Http.PostAsJsonAsync("/elsa/api/workflow-definitions/nowhere/execute", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var many = await Http.PostAsJsonAsync("/elsa/api/workflow-definitions/campaign/bulk-dispatch", new { count = 100_000 });
        many.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await many.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("GeneralErrors")[0].GetString()!.ShouldContain("count");
    }
}
