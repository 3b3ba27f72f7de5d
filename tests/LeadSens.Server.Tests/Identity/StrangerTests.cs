using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Identity;

/// <summary>Walks every route of the running application with another workspace's key.</summary>
public sealed class StrangerTests
{
    internal const string Key = "stranger-key";

    [Fact]
    public async Task Another_workspaces_things_do_not_exist()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        var ids = await ThingsAsync(app);
        using var stranger = app.Client(Key);
        var walked = 0;
        foreach (var (method, template) in Routes(app, CallerKind.Member).Where(route => route.Template.Contains('{') && !route.Template.Contains("{provider}")))
        {
            var prefix = template.Split('/')[1];
            ids.ShouldContainKey(prefix, $"tell this test whose id {template} takes");
            var path = "/" + template.Replace("{workspaceId:guid}", DemoWorkspace.Id.ToString(), StringComparison.Ordinal).Replace("{id:guid}", ids[prefix].ToString(), StringComparison.Ordinal).Replace("{definitionId}", ids[prefix].ToString(), StringComparison.Ordinal);
            path.ShouldNotContain("{");
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method is "POST" or "PATCH" or "PUT") request.Content = JsonContent.Create(new { decision = "approve", contentHash = Reviewing.NoHash, leads = Array.Empty<object>() });
            using var answer = await stranger.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{method} {path}");
            walked++;
        }

        walked.ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task Lists_hold_nothing_of_another_workspace()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        await ThingsAsync(app);
        using var owner = app.Client();
        using var stranger = app.Client(Key);
        foreach (var path in Routes(app, CallerKind.Member).Where(route => route.Method == "GET" && !route.Template.Contains('{')).Select(route => $"/{route.Template}"))
        {
            // The shipped ones are everybody's, and everybody has every provider; a download is no list, nor is a stream.
            if (path is "/api/workflows" or "/api/connections" or "/api/audit/download" or "/api/audit/verification" or "/api/events") continue;
            (await ItemsAsync(owner, path)).ShouldBeGreaterThan(0, path);
            (await ItemsAsync(stranger, path)).ShouldBe(0, path);
        }
    }

    [Fact]
    public async Task Without_a_key_nobody_gets_anything()
    {
        await using var app = await TestApp.StartAsync();
        using var nobody = app.Client("");
        foreach (var (method, template) in Routes(app, CallerKind.Caller, CallerKind.Person, CallerKind.Member))
        {
            var path = "/" + template.Replace("{workspaceId:guid}", DemoWorkspace.Id.ToString(), StringComparison.Ordinal).Replace("{id:guid}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal);
            using var answer = await nobody.SendAsync(new(new HttpMethod(method), path));
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }
    }

    private static IEnumerable<(string Method, string Template)> Routes(TestApp app, params CallerKind[] kinds) =>
        from source in app.Services.GetServices<EndpointDataSource>()
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        let template = endpoint.RoutePattern.RawText!.Trim('/')
        where template.StartsWith("api/", StringComparison.Ordinal) && kinds.Contains(endpoint.Metadata.GetMetadata<AccessRule>()!.Kind)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, template);

    private static async Task<int> ItemsAsync(HttpClient client, string path) =>
        (await client.GetFromJsonAsync<JsonElement>(path)).GetProperty("items").GetArrayLength();

    private static async Task<Guid> DefineAsync(CampaignRun run)
    {
        var id = Guid.CreateVersion7();
        (await run.Http.PostAsJsonAsync("/elsa/api/workflow-definitions", new { model = new { definitionId = id, name = "Ours" }, publish = false })).EnsureSuccessStatusCode();
        return id;
    }

    private static async Task<Guid> EndedConnectionAsync(TestApp app)
    {
        var id = Guid.CreateVersion7();
        await app.Database.ExecuteAsync("""
            insert into connections (id, workspace_id, provider, state, method, is_sandbox, account_key, rotated_at, health, connected_by, connected_at, created_at, updated_at)
            values ($1, $2, 'jina', 'disconnected', 'key', true, 'jina:ended', now(), 'unknown', 'test', now(), now(), now())
            """, id, DemoWorkspace.Id);
        return id;
    }

    private static async Task<Guid> EraseAsync(CampaignRun run) =>
        (await (await run.Http.PostAsJsonAsync("/api/rights/erase", new { email = "gone@example.com" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();

    /// <summary>An endpoint for a provider's calls, and one of those.</summary>
    private static async Task<Guid> ConnectAsync(CampaignRun run)
    {
        var made = await People.JsonAsync(await run.Http.PostAsJsonAsync("/api/webhooks/endpoints", new { provider = "instantly" }));
        using var told = new HttpRequestMessage(HttpMethod.Post, new Uri(made.GetProperty("url").GetString()!).PathAndQuery) { Content = JsonContent.Create(new { event_type = "email_sent" }) };
        told.Headers.Add(made.GetProperty("header").GetString()!, made.GetProperty("secret").GetString());
        (await run.Http.SendAsync(told)).EnsureSuccessStatusCode();
        return made.GetProperty("id").GetGuid();
    }

    /// <summary>One of everything in the demo workspace, and a key of another workspace.</summary>
    internal static async Task<Dictionary<string, Guid>> ThingsAsync(TestApp app)
    {
        using var run = new CampaignRun(app);
        var campaign = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(campaign, "AwaitingApproval");
        await run.Http.PostAsJsonAsync("/api/suppressions", new { value = "never@example.com" });
        await app.Database.ExecuteAsync("""
            with other as (insert into workspaces (id, name) values ($1, 'Other') returning id)
            insert into api_keys (id, workspace_id, name, key_hash) select $1, id, 'other', sha256(convert_to($2, 'UTF8')) from other
            """, Guid.CreateVersion7(), Key);
        return new()
        {
            ["campaigns"] = campaign,
            ["workspaces"] = DemoWorkspace.UserId,
            ["leads"] = await app.Database.ScalarAsync<Guid>("select id from leads limit 1"),
            ["contacts"] = await app.Database.ScalarAsync<Guid>("select id from contacts limit 1"),
            ["approvals"] = await app.Database.ScalarAsync<Guid>("select id from approvals"),
            ["suppressions"] = await app.Database.ScalarAsync<Guid>("select id from suppressions"),
            ["jobs"] = await app.Database.ScalarAsync<Guid>("select id from jobs limit 1"),
            ["workflow-instances"] = await app.Database.ScalarAsync<Guid>("select workflow_instance_id from campaigns"),
            ["workflows"] = await DefineAsync(run),
            ["rights"] = await EraseAsync(run),
            ["connections"] = await EndedConnectionAsync(app),
            ["webhooks"] = await ConnectAsync(run),
            ["outbox"] = await app.Database.ScalarAsync<Guid>("select id from outbox_events limit 1"),
        };
    }
}
