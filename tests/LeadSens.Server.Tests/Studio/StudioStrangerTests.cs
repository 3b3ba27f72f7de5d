using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json.Nodes;
using LeadSens.Server.Studio;
using LeadSens.Server.Studio.Definitions;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Studio;

/// <summary>Walks every route of Studio's back end with the ids of another workspace.</summary>
[Collection(typeof(StudioTests))]
public sealed class StudioStrangerTests(StudioApp app)
{
    /// <summary>Routes about types and features, which are the same for everybody, and about events, whose names are everybody's own.</summary>
    private static readonly string[] Shared = ["descriptors/", "features/", "resilience/", "events/"];

    [Fact]
    public async Task Another_workspaces_definitions_and_runs_do_not_exist()
    {
        using var owner = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var secret = await owner.SaveAsync(Draft.Line("Secret", Draft.WriteLine("hello", "one")), publish: true);
        using var run = await owner.SendAsync($"/workflow-definitions/{secret.DefinitionId()}/execute", null);
        var (bookmark, task) = await WaitAsync(owner);
        var walked = 0;
        foreach (var (method, template) in Routes().Where(IsAboutAThing))
        {
            var path = template.Replace("{id:guid}", run.Headers.GetValues("x-elsa-workflow-instance-id").Single(), StringComparison.Ordinal).Replace("{activityId}", "hello", StringComparison.Ordinal)
                .Replace("{bookmarkId:guid}", bookmark.ToString(), StringComparison.Ordinal).Replace("{taskId}", task, StringComparison.Ordinal)
                .Replace("{definitionId}", secret.DefinitionId(), StringComparison.Ordinal).Replace("{versionId}", secret.Id(), StringComparison.Ordinal)
                .Replace("{version:int}", "1", StringComparison.Ordinal);
            path.ShouldNotContain("{");
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST") request.Content = JsonContent.Create(new { });
            using var answer = await stranger.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{method} {path}");
            walked++;
        }

        walked.ShouldBeGreaterThan(20);
        (await owner.StateAsync(secret.DefinitionId())).ShouldBe("1 latest published");
    }

    /// <summary>A run that waits for a task: its bookmark and the task's id.</summary>
    private async Task<(Guid Bookmark, string Task)> WaitAsync(StudioClient owner)
    {
        var waits = await owner.SaveAsync(Draft.Line("Waits", Workflows.Graphs.Box("task", "Elsa.RunTask", "taskName", "call")), publish: true);
        using var run = await owner.SendAsync($"/workflow-definitions/{waits.DefinitionId()}/execute", null);
        var instance = Guid.Parse(run.Headers.GetValues("x-elsa-workflow-instance-id").Single());
        var key = await app.Db.ScalarAsync<string>("select key from workflow_bookmarks where instance_id = $1", instance);
        return (await app.Db.ScalarAsync<Guid>("select id from workflow_bookmarks where instance_id = $1", instance), key!["task:".Length..]);
    }

    [Fact]
    public async Task Bulk_actions_leave_another_workspaces_definitions_alone()
    {
        using var owner = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var secret = await owner.SaveAsync(Draft.Line("Secret", Draft.WriteLine("hello", "one")), publish: true);
        JsonObject Ids(string name, string id) => new() { [name] = new JsonArray(id) };
        var definition = Ids("definitionIds", secret.DefinitionId());

        (await stranger.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", definition))["deleted"]!.GetValue<int>().ShouldBe(0);
        (await stranger.PostAsync("/bulk-actions/delete/workflow-definitions/by-id", Ids("ids", secret.Id())))["deleted"]!.GetValue<int>().ShouldBe(0);
        (await stranger.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", definition))["notFound"]!.AsArray().Count.ShouldBe(1);
        (await stranger.PostAsync("/bulk-actions/retract/workflow-definitions/by-definition-ids", definition))["notFound"]!.AsArray().Count.ShouldBe(1);
        (await stranger.SendAsync("/bulk-actions/export/workflow-definitions", Ids("ids", secret.Id()))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync($"/workflow-definitions/many-by-id?ids={secret.Id()}"))["count"]!.GetValue<int>().ShouldBe(0);
        (await stranger.GetAsync("/workflow-definitions?versionOptions=AllVersions&SearchTerm=Secret"))["totalCount"]!.GetValue<int>().ShouldBe(0);
        (await owner.StateAsync(secret.DefinitionId())).ShouldBe("1 latest published");
    }

    [Theory]
    [InlineData("execute")]
    [InlineData("dispatch")]
    public async Task Nobody_takes_the_id_that_a_run_to_come_is_to_have(string verb)
    {
        using var owner = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var request = CampaignRun.Request();
        request["start"] = false;
        var campaign = await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/campaigns", request));
        var run = campaign.GetProperty("workflowInstanceId").GetGuid();
        foreach (var somebody in (StudioClient[])[stranger, owner])
        {
            var own = await somebody.SaveAsync(Draft.Line("Own", Draft.WriteLine("hello", "one")), publish: true);
            using var taken = await somebody.SendAsync($"/workflow-definitions/{own.DefinitionId()}/{verb}", new JsonObject { ["instanceId"] = run });
            taken.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await owner.Http.PostAsync($"/api/campaigns/{campaign.GetProperty("id").GetGuid()}/start", null)).EnsureSuccessStatusCode();

        var workspace = await app.IdAsync(owner);
        await Eventually.Be(async () => await app.Db.ScalarAsync<long>("select count(*) from workflow_instances where id = $1 and workspace_id = $2", run, workspace) == 1);
    }

    [Fact]
    public async Task Only_what_was_deleted_is_noted_as_deleted()
    {
        using var owner = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var (over, strange) = (await FinishedAsync(owner), await FinishedAsync(stranger));
        var (bookmark, _) = await WaitAsync(owner);
        var waits = await app.Db.ScalarAsync<Guid>("select instance_id from workflow_bookmarks where id = $1", bookmark);

        var deleted = await owner.PostAsync("/bulk-actions/delete/workflow-instances/by-id", new JsonObject { ["ids"] = new JsonArray(over, strange, waits, Guid.CreateVersion7()) });

        deleted["deleted"]!.GetValue<int>().ShouldBe(1);
        (await app.Db.ListAsync<string>("select subject_id from audit_entries where workspace_id = $1 and action = 'instance.deleted'", await app.IdAsync(owner))).ShouldBe([over.ToString()]);
        (await app.Db.ScalarAsync<long>("select count(*) from workflow_instances where id = any($1)", new[] { strange, waits })).ShouldBe(2);
    }

    private static async Task<Guid> FinishedAsync(StudioClient studio)
    {
        var hello = await studio.SaveAsync(Draft.Line("Hello", Draft.WriteLine("hello", "one")), publish: true);
        using var run = await studio.SendAsync($"/workflow-definitions/{hello.DefinitionId()}/execute", null);
        return Guid.Parse(run.Headers.GetValues("x-elsa-workflow-instance-id").Single());
    }

    [Fact]
    public async Task Nobody_watches_another_workspaces_run()
    {
        using var owner = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var waits = await owner.SaveAsync(Draft.Line("Waits", Workflows.Graphs.Box("task", "Elsa.RunTask", "taskName", "call")), publish: true);
        using var run = await owner.SendAsync($"/workflow-definitions/{waits.DefinitionId()}/execute", null);
        var instance = Guid.Parse(run.Headers.GetValues("x-elsa-workflow-instance-id").Single());
        var observed = app.App.Services.GetRequiredService<LeadSens.Server.Studio.Instances.ObservedInstances>();

        await ObserveAsync(stranger, instance);
        observed.Ids.ShouldNotContain(instance);
        await ObserveAsync(owner, instance);
        observed.Ids.ShouldContain(instance);
    }

    [Fact]
    public async Task Whoever_was_removed_hears_no_more_of_a_run_that_they_watched()
    {
        var (ada, ben) = (await app.App.RegisterAsync(People.Address()), await app.App.RegisterAsync(People.Address("ben")));
        await ben.JoinAsync(ada, "viewer");
        using var owner = new StudioClient(ada.Http);
        using var viewer = new StudioClient(ben.Http);
        var (bookmark, task) = await WaitAsync(owner);
        var instance = await app.Db.ScalarAsync<Guid>("select instance_id from workflow_bookmarks where id = $1", bookmark);
        var watched = await ObserveAsync(viewer, instance);
        await HearAsync(viewer, watched, News);
        var own = await ObserveAsync(owner, instance);

        (await ada.Http.DeleteAsync($"/api/workspaces/{ada.WorkspaceId}/members/{ben.UserId}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ben.Http.PostAsync($"/api/workspaces/{ben.WorkspaceId}/switch", null)).EnsureSuccessStatusCode();
        await owner.PostAsync($"/tasks/{task}/complete");
        await HearAsync(owner, own, News);

        // Given up by the hub where the machine was slow, it says nothing either.
        using var called = await CallAsync(viewer, watched, instance, "2");
        if (called.StatusCode != HttpStatusCode.NotFound) (await HearAsync(viewer, watched, Answered("2"))).ShouldNotContain(News);
    }

    private const string News = "WorkflowInstanceUpdatedAsync", End = "\u001e";

    private static string Answered(string invocation) => $"\"type\":3,\"invocationId\":\"{invocation}\"";

    /// <summary>As Studio does, by long polling: returns the connection once the hub has answered the call.</summary>
    private static async Task<string> ObserveAsync(StudioClient studio, Guid instance)
    {
        const string hub = "/elsa/hubs/workflow-instance";
        using var negotiated = await studio.Http.PostAsync($"{hub}/negotiate?negotiateVersion=1", null);
        var token = JsonNode.Parse(await negotiated.Content.ReadAsStringAsync())!["connectionToken"]!.GetValue<string>();
        var connection = $"{hub}?id={Uri.EscapeDataString(token)}";
        (await studio.Http.GetAsync(connection)).EnsureSuccessStatusCode();
        (await studio.Http.PostAsync(connection, new StringContent("""{"protocol":"json","version":1}""" + End))).EnsureSuccessStatusCode();
        (await CallAsync(studio, connection, instance, "1")).EnsureSuccessStatusCode();
        await HearAsync(studio, connection, Answered("1"));
        return connection;
    }

    private static Task<HttpResponseMessage> CallAsync(StudioClient studio, string connection, Guid instance, string invocation) =>
        studio.Http.PostAsync(connection, new StringContent($$"""{"type":1,"invocationId":"{{invocation}}","target":"ObserveInstanceAsync","arguments":["{{instance}}"]}""" + End));

    /// <summary>All that the hub says until it has said this.</summary>
    private static async Task<string> HearAsync(StudioClient studio, string connection, string last)
    {
        var said = "";
        while (!said.Contains(last, StringComparison.Ordinal)) said += await studio.Http.GetStringAsync(connection);
        return said;
    }

    [Fact]
    public async Task Saving_under_another_workspaces_id_makes_an_own_definition()
    {
        using var owner = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var secret = await owner.SaveAsync(Draft.Line("Secret", Draft.WriteLine("hello", "one")), publish: true);

        var copy = Draft.Content(secret).Writing("mine");
        (copy["id"], copy["definitionId"]) = (secret.Id(), secret.DefinitionId());

        var own = await stranger.SaveAsync(copy, publish: true);

        own.Id().ShouldNotBe(secret.Id());
        JsonNode.DeepEquals(Draft.Content(await owner.OpenAsync(secret.DefinitionId())), Draft.Content(secret)).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_key_nobody_gets_anything()
    {
        using var nobody = app.App.Client("");
        foreach (var (method, template) in Routes())
        {
            var path = template.Replace("{version:int}", "1", StringComparison.Ordinal).Replace("{id:guid}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal)
                .Replace("{bookmarkId:guid}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            using var answer = await nobody.SendAsync(new(new HttpMethod(method), path));
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("admin", false)]
    [InlineData("owner", true)]
    [InlineData("member", true)]
    [InlineData("approver", false)]
    [InlineData("viewer", false)]
    public void Those_who_may_only_look_get_no_link_to_publish(string? role, bool mayEdit)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity(role is null ? [] : [new Claim(ClaimTypes.Role, role)]));

        user.MayEdit().ShouldBe(mayEdit);
        Link.OfDefinition(Any, user.MayEdit()).Any(link => link.Rel == "publish").ShouldBe(mayEdit);
        Link.OfList(user.MayEdit()).Any(link => link.Rel == "bulk-publish").ShouldBe(mayEdit);
    }

    private static readonly DefinitionVersion Any = new(
        "v1", "any", false, 1, "Any", null, null, false, true, false, default, 1, null, null, default, null, IsOutdated: false, "{}");

    private static bool IsAboutAThing((string Method, string Template) route) =>
        route.Template.Contains('{') && !Shared.Any(part => route.Template.StartsWith($"{StudioGroup.Prefix}/{part}", StringComparison.Ordinal));

    private IEnumerable<(string Method, string Template)> Routes() =>
        from source in app.App.Services.GetServices<EndpointDataSource>()
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        let template = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where template.StartsWith(StudioGroup.Prefix, StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, template);
}
