using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Identity;

/// <summary>Every route is called with real ids of another workspace wherever an id can stand: in the path, in the query and in the body. Nothing of that workspace changes, and
/// nothing of it is in an answer.</summary>
public sealed partial class IdWalkTests(IdWalkTests.House house) : IClassFixture<IdWalkTests.House>
{
    private const string Marker = "Zanzibar";

    /// <summary>What a caller does to their own account or session; the walk goes on with it.</summary>
    private static readonly string[] EndsOneself =
    [
        "DELETE /api/auth/me", "DELETE /api/auth/sessions", "POST /api/auth/logout", "POST /api/auth/password", "POST /api/workspaces/{workspaceId:guid}/leave", "POST /studio/sign-out",
        "DELETE /api/workspaces/{workspaceId:guid}/members/{id:guid}", "PATCH /api/workspaces/{workspaceId:guid}/members/{id:guid}", "DELETE /api/workspaces/{workspaceId:guid}/members/{id:guid}/sessions",
    ];

    private static readonly (string Name, string Id)[] Queries =
    [
        ("campaignId", "campaign"), ("workflowInstanceId", "run"), ("ids", "version"), ("id", "execution"), ("definitionIds", "definition"), ("versionId", "version"), ("activityNodeId", "node"),
        ("subject", "campaign"), ("actor", "person"),
    ];

    private TestApp App => house.App;

    private SomePerson Victim => house.Victim;

    private IReadOnlyDictionary<string, string> Ids => house.Ids;

    [Theory]
    [InlineData("the owner of another workspace")]
    [InlineData("a key of another workspace")]
    public async Task Nothing_is_reached_from_another_workspace(string who)
    {
        var stranger = await App.RegisterAsync($"stranger{Guid.CreateVersion7():N}@example.com");
        var http = stranger.Http;
        if (who.StartsWith("a key", StringComparison.Ordinal))
        {
            var key = await People.JsonAsync(await http.PostAsJsonAsync($"/api/workspaces/{stranger.WorkspaceId}/api-keys", new { name = "all", scopes = (string[])["read", "approve", "work", "manage"] }));
            http = App.Client(key.GetProperty("key").GetString()!);
        }

        await WalkAsync(http, stranger.WorkspaceId, hides: true);
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("a key that may read")]
    public async Task Who_may_only_look_changes_nothing(string who)
    {
        var http = App.Client("");
        if (who == "viewer")
        {
            var viewer = await App.RegisterAsync($"viewer{Guid.CreateVersion7():N}@example.com");
            await viewer.JoinAsync(Victim, "viewer");
            http = viewer.Http;
        }
        else
        {
            var key = await People.JsonAsync(await Victim.Http.PostAsJsonAsync($"/api/workspaces/{Victim.WorkspaceId}/api-keys", new { name = "looks", scopes = (string[])["read"] }));
            http = App.Client(key.GetProperty("key").GetString()!);
        }

        await WalkAsync(http, Victim.WorkspaceId, hides: false);
    }

    private async Task WalkAsync(HttpClient http, Guid workspace, bool hides)
    {
        var (before, body) = (await SnapshotAsync(), Body());
        var (asked, answered) = (0, 0);
        foreach (var (method, template) in Routes())
        {
            foreach (var path in Paths(template, workspace))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path + (method == "GET" ? Query() : ""));
                if (method is "POST" or "PUT" or "PATCH") request.Content = JsonContent.Create(body);
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                asked++;
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path}");
                if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") continue;
                if (answer.IsSuccessStatusCode) answered++;
                if (hides) (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Marker, Case.Sensitive, $"{method} {path}");
            }
        }

        (await SnapshotAsync()).Except(before).ShouldBeEmpty();
        (await http.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK, "the walk was made by somebody who is still let in");
        asked.ShouldBeGreaterThan(600);
        answered.ShouldBeGreaterThan(20);
    }

    private IEnumerable<(string Method, string Template)> Routes() => (
        from source in App.Services.GetServices<EndpointDataSource>()
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        let template = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        // What is told once and then open for ever has no end to read; the hub speaks another protocol.
        where method != "HEAD" && !EndsOneself.Contains($"{method} {template}") && !template.StartsWith("/elsa/hubs", StringComparison.Ordinal) && !template.StartsWith("/workflows/", StringComparison.Ordinal)
        select (method, template)).Distinct();

    /// <summary>Each id in each place where one can stand; the workspace in the path is the caller's own.</summary>
    private IEnumerable<string> Paths(string template, Guid workspace)
    {
        var named = template.Replace("{workspaceId:guid}", workspace.ToString(), StringComparison.Ordinal);
        if (!named.Contains('{', StringComparison.Ordinal)) return [named];
        var guids = named.Contains(":guid}", StringComparison.Ordinal);
        return Ids.Values.Where(id => !guids || Guid.TryParse(id, out _)).Distinct().Select(id => Parameter().Replace(named, part =>
            part.Value.EndsWith(":int}", StringComparison.Ordinal) ? "1" : part.Value is "{provider}" ? "hubspot" : part.Value is "{eventName}" ? "go" : Uri.EscapeDataString(id)));
    }

    private string Query() => "?" + string.Join('&', Queries.Select(one => $"{one.Name}={Uri.EscapeDataString(Ids[one.Id])}")) + "&versionOptions=AllVersions&searchTerm=a";

    /// <summary>One body for all: every request takes what it knows of it by name.</summary>
    private JsonObject Body()
    {
        var campaign = CampaignRun.Request();
        foreach (var (name, id) in ((string, string)[])
        [
            ("workflow", "definition"), ("workflowInstanceId", "run"), ("activityInstanceId", "execution"), ("instanceId", "run"), ("parentWorkflowInstanceId", "run"), ("correlationId", "campaign"),
            ("definitionId", "definition"), ("definitionVersionId", "version"), ("campaignId", "campaign"), ("leadId", "lead"), ("contentHash", "hash"), ("userId", "person"), ("workspaceId", "workspace"),
        ]) campaign[name] = Ids[id];
        foreach (var (name, id) in ((string, string)[])[("ids", "run"), ("definitionIds", "definition"), ("workflowInstanceIds", "run"), ("activityIds", "node"), ("activityNodeIds", "node")]) campaign[name] = new JsonArray(Ids[id]);
        campaign["decision"] = "approve";
        campaign["leads"] = new JsonArray(new JsonObject { ["leadId"] = Ids["lead"] });
        (campaign["role"], campaign["scopes"], campaign["value"], campaign["provider"]) = ("viewer", new JsonArray("read"), "nobody@example.com", "instantly");
        campaign["model"] = new JsonObject { ["id"] = Ids["version"], ["definitionId"] = Ids["definition"], ["name"] = "Mine" };
        campaign["variables"] = new JsonArray(new JsonObject { ["id"] = "x", ["value"] = 1 });
        (campaign["email"], campaign["companyDna"]) = ("nobody@example.com", "Ours");
        return campaign;
    }

    /// <summary>Everything that the workspace and its owner have, but for when they were last seen and what is noted about lookers.</summary>
    private async Task<List<string>> SnapshotAsync()
    {
        var tables = await App.Database.ListAsync<string>("""
            select c.table_name::text from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and c.column_name = 'workspace_id' and t.table_type = 'BASE TABLE'
                and c.table_name not in ('audit_seals', 'audit_entries', 'user_sessions', 'workflow_route_shapes', 'campaign_counts', 'campaign_count_changes',
                    'workspace_watches', 'workspace_changes') order by 1
            """);
        var text = new List<string>();
        foreach (var table in tables)
            text.AddRange(await App.Database.ListAsync<string>($"select '{table} ' || (to_jsonb(t) - 'last_used_at')::text from {table} t where workspace_id = $1", Victim.WorkspaceId));
        text.AddRange(await App.Database.ListAsync<string>("select 'session ' || id from user_sessions where user_id = $1 and ended_at is null", Victim.UserId));
        text.AddRange(await App.Database.ListAsync<string>("select 'user ' || email || password_hash from users where id = $1", Victim.UserId));
        text.AddRange(await App.Database.ListAsync<string>("select 'workspace ' || to_jsonb(w)::text from workspaces w where id = $1", Victim.WorkspaceId));
        text.AddRange(await App.Database.ListAsync<string>("select 'wait ' || b.id || b.state from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where i.workspace_id = $1", Victim.WorkspaceId));
        var counts = text.GroupBy(line => line.Split(' ')[0]).Select(group => $"count {group.Key} {group.Count()}");
        return [.. text, .. counts];
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    /// <summary>An app with one workspace in it that has one of everything.</summary>
    public sealed class House : IAsyncLifetime
    {
        private TestSandbox sandbox = null!;

        internal TestApp App { get; private set; } = null!;
        internal SomePerson Victim { get; private set; } = null!;
        internal Dictionary<string, string> Ids { get; } = new(StringComparer.Ordinal);

        public async ValueTask InitializeAsync()
        {
            sandbox = await TestSandbox.StartAsync();
            App = await TestApp.StartAsync(sandbox.BaseUrl);
            Victim = await App.RegisterAsync("victim@example.com");
            await FillAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await sandbox.DisposeAsync();
        }

        /// <summary>One of everything in the victim's workspace, at rest; what it is called bears a mark.</summary>
        private async Task FillAsync()
        {
            var http = Victim.Http;
            (await http.PutAsJsonAsync($"/api/workspaces/{Victim.WorkspaceId}/company-dna", new { companyDna = $"{Marker} makes pumps." })).EnsureSuccessStatusCode();
            var request = CampaignRun.Request(limit: 10);
            request["name"] = $"{Marker} campaign";
            var campaign = (await People.JsonAsync(await http.PostAsJsonAsync("/api/campaigns", request))).GetProperty("id").GetGuid();
            Ids["campaign"] = campaign.ToString();
            await Eventually.Be(async () => await App.Database.ScalarAsync<string>("select status from campaigns where id = $1", campaign) == "AwaitingApproval", TimeSpan.FromSeconds(60));
            await App.Database.ExecuteAsync("update leads set company_name = $2 || ' ' || coalesce(company_name, '') where campaign_id = $1", campaign, Marker);
            await App.Database.ExecuteAsync("update contacts set company_name = $2 where workspace_id = $1", Victim.WorkspaceId, Marker);
            (await http.PostAsJsonAsync("/elsa/api/workflow-definitions", new { model = new { definitionId = "victims", name = $"{Marker} workflow" }, publish = true })).EnsureSuccessStatusCode();
            (await http.PostAsJsonAsync("/api/suppressions", new { value = "never@example.com", reason = Marker })).EnsureSuccessStatusCode();
            (await http.PostAsJsonAsync("/api/rights/erase", new { email = "gone@example.com" })).EnsureSuccessStatusCode();
            (await http.PostAsJsonAsync("/api/webhooks/endpoints", new { provider = "instantly" })).EnsureSuccessStatusCode();
            (await http.PostAsJsonAsync($"/api/workspaces/{Victim.WorkspaceId}/members", new { role = "owner" })).EnsureSuccessStatusCode();
            (await http.PostAsJsonAsync($"/api/workspaces/{Victim.WorkspaceId}/api-keys", new { name = $"{Marker} key", scopes = (string[])["read"] })).EnsureSuccessStatusCode();
            (await http.PutAsJsonAsync("/api/connections/jina", new { apiKey = $"sandbox-{Marker}" })).EnsureSuccessStatusCode();
            foreach (var (name, sql) in ((string, string)[])
            [
                ("lead", "select id::text from leads where workspace_id = $1 limit 1"), ("approval", "select id::text from approvals where workspace_id = $1"), ("contact", "select id::text from contacts where workspace_id = $1 limit 1"), ("job", "select id::text from jobs where workspace_id = $1 and campaign_id is not null limit 1"),
                ("batch", "select id::text from batches where workspace_id = $1 and campaign_id is not null limit 1"), ("run", "select workflow_instance_id::text from campaigns where workspace_id = $1"),
                ("bookmark", "select b.id::text from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where i.workspace_id = $1 and b.state = 0 limit 1"),
                ("execution", "select j.execution_id::text from workflow_journal j join workflow_instances i on i.id = j.instance_id where i.workspace_id = $1 limit 1"),
                ("node", "select j.node_id from workflow_journal j join workflow_instances i on i.id = j.instance_id where i.workspace_id = $1 limit 1"),
                ("version", "select version_id from workflow_definitions where workspace_id = $1 and definition_id = 'victims' limit 1"), ("definition", "select 'victims' from workspaces where id = $1"),
                ("outbox", "select id::text from outbox_events where workspace_id = $1 limit 1"), ("suppression", "select id::text from suppressions where workspace_id = $1 and reason is not null"),
                ("erasure", "select id::text from erasures where workspace_id = $1"), ("webhook", "select id::text from webhook_endpoints where workspace_id = $1"),
                ("invitation", "select id::text from workspace_invitations where workspace_id = $1"), ("key", "select id::text from api_keys where workspace_id = $1"),
                ("connection", "select id::text from connections where workspace_id = $1"), ("person", "select user_id::text from workspace_members where workspace_id = $1"),
                ("session", "select id::text from user_sessions where workspace_id = $1 limit 1"), ("workspace", "select id::text from workspaces where id = $1"),
                ("audit", "select id::text from audit_entries where workspace_id = $1 limit 1"), ("hash", "select encode(content_hash, 'hex') from approvals where workspace_id = $1"),
            ]) Ids[name] = await App.Database.ScalarAsync<string>(sql, Victim.WorkspaceId) ?? throw new InvalidOperationException($"The victim has no {name}.");
            // Facts and seals go on by themselves for a moment.
            await Eventually.Be(async () => await App.Database.ScalarAsync<bool>("""
                select not exists (select from jobs where workspace_id = $1 and state in ('Queued', 'Running')) and not exists (select from erasures where workspace_id = $1 and state = 'running')
                    and not exists (select from outbox_events where workspace_id = $1 and status <> 'sent')
                """, Victim.WorkspaceId), TimeSpan.FromSeconds(30));
        }
    }
}
