using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;

namespace LeadSens.Server.Tests.Studio.Resuming;

/// <summary>Somebody outside lets a run go on: by event or task, with an account.</summary>
[Collection(typeof(StudioTests))]
public sealed class ResumeTests(StudioApp app)
{
    [Fact]
    public async Task A_task_is_completed_once_with_the_first_result()
    {
        using var studio = await app.WorkspaceAsync();
        var run = await RunAsync(studio, Graphs.Box("task", "Elsa.RunTask", "taskName", "call"));
        var task = (await WaitAsync(run)).Key["task:".Length..];
        foreach (var result in (string[])["first", "second"])
            (await studio.PostAsync($"/tasks/{task}/complete", new JsonObject { ["result"] = new JsonObject { ["said"] = result } })).ToJsonString().ShouldBe("{}");
        await EndedAsync(run);
        (await OutputAsync(run, "task")).ShouldContain("first");
        (await StatusAsync(studio, "/tasks/unknown/complete")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_event_reaches_the_runs_that_it_is_for()
    {
        using var studio = await app.WorkspaceAsync();
        var (one, two) = (await RunAsync(studio, Graphs.Event("e", "reply")), await RunAsync(studio, Graphs.Event("e", "reply")));
        await studio.PostAsync("/events/reply/trigger", new JsonObject { ["workflowInstanceId"] = one, ["input"] = new JsonObject { ["from"] = "Ada" } });
        await EndedAsync(one);
        (await OutputAsync(one, "e")).ShouldContain("Ada");
        (await IsWaitingAsync(two)).ShouldBeTrue();
        await studio.PostAsync("/events/reply/trigger", new JsonObject { ["workflowExecutionMode"] = "Synchronous" });
        await EndedAsync(two);
    }

    [Fact]
    public async Task An_event_for_one_activity_instance_reaches_no_other_box()
    {
        using var studio = await app.WorkspaceAsync();
        var run = await RunAsync(studio, Graphs.Event("e", "reply"));
        var execution = (await WaitAsync(run)).Execution;
        (await StatusAsync(studio, "/events/other/trigger", new JsonObject { ["activityInstanceId"] = execution })).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(studio, "/events/reply/trigger", new JsonObject { ["activityInstanceId"] = Guid.CreateVersion7() })).ShouldBe(HttpStatusCode.NotFound);
        await studio.PostAsync("/events/reply/trigger", new JsonObject { ["activityInstanceId"] = execution, ["input"] = 7 });
        await EndedAsync(run);
        (await OutputAsync(run, "e")).ShouldContain("7");
    }

    [Fact]
    public async Task An_event_with_an_idempotency_key_is_sent_once()
    {
        using var studio = await app.WorkspaceAsync();
        var workspace = await app.IdAsync(studio);
        var definition = await studio.SaveAsync(Draft.Line("On order", Graphs.Trigger("e", "Elsa.Event", "eventName", "order")), publish: true);
        for (var again = 0; again < 3; again++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/elsa/api/events/order/trigger") { Content = JsonContent.Create(new { correlationId = "order-7" }) };
            request.Headers.Add("Idempotency-Key", "order-7-paid");
            (await studio.Http.SendAsync(request)).EnsureSuccessStatusCode();
        }
        await Eventually.Be(async () => await app.Db.ScalarAsync<long>("select count(*) from workflow_instances where workspace_id = $1 and sub_status = 'Finished'", workspace) == 1);
        (await app.Db.ListAsync<string>("select correlation_id from workflow_instances where definition_id = $1", definition.DefinitionId())).ShouldBe(["order-7"]);
        (await app.Db.ScalarAsync<long>("select count(*) from workflow_starts where workspace_id = $1", workspace)).ShouldBe(0);

        var secret = Secret.New(Secret.ApiKey);
        await app.Db.ExecuteAsync("insert into api_keys (id, workspace_id, name, key_hash, scopes) values (new_id(), $1, 'shop', $2, '{read,work}')", workspace, secret.Hash);
        using var another = app.App.Client(secret.Text);
        another.DefaultRequestHeaders.Add("Idempotency-Key", "order-7-paid");
        (await another.PostAsJsonAsync("/elsa/api/events/order/trigger", new { correlationId = "order-8" })).EnsureSuccessStatusCode();
        await Eventually.Be(async () => await app.Db.ScalarAsync<long>("select count(*) from workflow_instances where workspace_id = $1 and sub_status = 'Finished'", workspace) == 2, what: "another caller's key is another key");
    }

    [Fact]
    public async Task A_stranger_reaches_nothing()
    {
        using var owner = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var (run, task) = (await RunAsync(owner, Graphs.Event("e", "reply")), await RunAsync(owner, Graphs.Box("task", "Elsa.RunTask", "taskName", "call")));
        var (wait, taskWait) = (await WaitAsync(run), await WaitAsync(task));
        (await StatusAsync(stranger, "/events/reply/trigger", new JsonObject { ["workflowInstanceId"] = run })).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(stranger, "/events/reply/trigger", new JsonObject { ["activityInstanceId"] = wait.Execution })).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(stranger, "/events/reply/trigger")).ShouldBe(HttpStatusCode.OK, "the name is everybody's own");
        (await StatusAsync(stranger, $"/tasks/{taskWait.Key["task:".Length..]}/complete")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(stranger, $"/bookmarks/{wait.Id}/link")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(stranger, $"/workflow-definitions/{await DefinitionAsync(run)}/dispatch")).ShouldBe(HttpStatusCode.NotFound);
        var own = await stranger.SaveAsync(Draft.Line("Own", Graphs.Event("e", "reply")), publish: true);
        foreach (var verb in (string[])["execute", "dispatch"])
            (await StatusAsync(stranger, $"/workflow-definitions/{own.DefinitionId()}/{verb}", new JsonObject { ["instanceId"] = run })).ShouldBe(HttpStatusCode.NotFound, "an id of somebody else");
        (await IsWaitingAsync(run)).ShouldBeTrue();
        (await IsWaitingAsync(task)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_may_only_look_resumes_and_starts_nothing()
    {
        using var studio = await app.WorkspaceAsync();
        var run = await RunAsync(studio, Graphs.Event("e", "reply"));
        var wait = await WaitAsync(run);
        var definition = await DefinitionAsync(run);
        using var viewer = app.As(studio, "viewer");
        string[] changes = ["/events/reply/trigger", "/tasks/any/complete", $"/bookmarks/{wait.Id}/link", $"/workflow-definitions/{definition}/execute", $"/workflow-definitions/{definition}/dispatch", $"/workflow-definitions/{definition}/bulk-dispatch"];
        foreach (var path in changes) (await StatusAsync(viewer, path)).ShouldBe(HttpStatusCode.Forbidden, path);
        (await IsWaitingAsync(run)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"workflowInstanceId":"seven"}""", "workflowInstanceId")]
    [InlineData("""{"activityInstanceId":7}""", "activityInstanceId")]
    [InlineData("""{"workflowExecutionMode":"Someday"}""", "workflowExecutionMode")]
    [InlineData("""[1]""", "JSON object")]
    public async Task What_cannot_be_meant_is_refused_by_field(string body, string says)
    {
        using var studio = await app.WorkspaceAsync();
        (await studio.RefusedAsync("/events/reply/trigger", JsonNode.Parse(body))).ShouldContain(says);
    }

    [Fact]
    public async Task Dispatch_writes_runs_that_any_node_takes()
    {
        using var studio = await app.WorkspaceAsync();
        var model = Draft.Line("Many", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply"), Draft.WriteLine("w", "x"));
        var definition = (await studio.SaveAsync(model)).DefinitionId();
        (await StatusAsync(studio, $"/workflow-definitions/{definition}/dispatch")).ShouldBe(HttpStatusCode.NotFound, "a draft is not in service");
        await studio.PostAsync($"/workflow-definitions/{definition}/publish");
        var ids = (await studio.PostAsync($"/workflow-definitions/{definition}/bulk-dispatch", new JsonObject { ["count"] = 20, ["triggerActivityId"] = "e", ["correlationId"] = "c" }))["workflowInstanceIds"]!.AsArray();
        ids.Count.ShouldBe(20);
        await Eventually.Be(async () => await app.Db.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = $1 and sub_status = 'Finished' and correlation_id = 'c'", definition) == 20);
        (await studio.RefusedAsync($"/workflow-definitions/{definition}/bulk-dispatch", new JsonObject { ["count"] = 1001 })).ShouldContain("count");
        (await studio.RefusedAsync($"/workflow-definitions/{definition}/dispatch", new JsonObject { ["triggerActivityId"] = "gone" })).ShouldContain("'gone'");
    }

    private async Task<Guid> RunAsync(StudioClient studio, JsonObject box)
    {
        var definition = await studio.SaveAsync(Draft.Line("Waits", box), publish: true);
        using var run = await studio.SendAsync($"/workflow-definitions/{definition.DefinitionId()}/execute", null);
        return Guid.Parse(run.Headers.GetValues("x-elsa-workflow-instance-id").Single());
    }

    private async Task<(Guid Id, string Key, Guid Execution)> WaitAsync(Guid run) => (
        await app.Db.ScalarAsync<Guid>("select id from workflow_bookmarks where instance_id = $1", run),
        (await app.Db.ScalarAsync<string>("select key from workflow_bookmarks where instance_id = $1", run))!,
        await app.Db.ScalarAsync<Guid>("select execution_id from workflow_bookmarks where instance_id = $1", run));

    private Task EndedAsync(Guid run) => Eventually.Be(async () => await app.Db.ScalarAsync<string>("select sub_status from workflow_instances where id = $1", run) == "Finished");

    private async Task<bool> IsWaitingAsync(Guid run) => await app.Db.ScalarAsync<long>("select count(*) from workflow_bookmarks where instance_id = $1 and state = 0", run) == 1;

    private async Task<string> DefinitionAsync(Guid run) => (await app.Db.ScalarAsync<string>("select definition_id from workflow_instances where id = $1", run))!;

    private async Task<string> OutputAsync(Guid run, string box) =>
        (await app.Db.ScalarAsync<string>("select payload from workflow_journal where instance_id = $1 and activity_id = $2 and event_name = 'Completed'", run, box))!;

    private static async Task<HttpStatusCode> StatusAsync(StudioClient studio, string path, JsonNode? body = null)
    {
        using var answer = await studio.SendAsync(path, body);
        return answer.StatusCode;
    }
}
