using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Changes;
using LeadSens.Server.Feed;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Feed;

/// <summary>The feed over HTTP: what one tab hears.</summary>
public sealed class FeedTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestApp app = apps.App;
    private SomePerson owner = null!;
    private Guid campaign;

    public async ValueTask InitializeAsync()
    {
        owner = await app.RegisterAsync(People.Address("feed"));
        campaign = (await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/campaigns", WithoutStart()))).GetProperty("id").GetGuid();
    }

    public ValueTask DisposeAsync()
    {
        owner.Http.Dispose();
        return default;
    }

    [Fact]
    public async Task A_tab_hears_what_changes_in_its_workspace_with_the_figures_of_campaigns()
    {
        await using var tab = await OpenAsync(owner.Http);
        (await tab.NextAsync()).ShouldBe(("reset", null));
        await tab.SettleAsync();
        var stranger = await app.RegisterAsync(People.Address("stranger"));
        (await stranger.Http.PostAsJsonAsync("/api/campaigns", WithoutStart())).EnsureSuccessStatusCode();

        (await owner.Http.PatchAsJsonAsync($"/api/campaigns/{campaign}", new { budgetUsd = 12 })).EnsureSuccessStatusCode();
        (await tab.NextAsync()).ShouldBe(("campaign", campaign));
        await app.Database.ExecuteAsync("""
            insert into leads (id, workspace_id, campaign_id, source, source_id, status, created_at, updated_at)
            select new_id(), workspace_id, id, 'instantly', n::text, 'Sourced', now(), now() from campaigns, generate_series(1, 7) n where id = $1
            """, campaign);
        (await tab.NextAsync()).ShouldBe(("campaign", campaign));
        var told = tab.Data.GetProperty("campaign");
        (told.GetProperty("status").GetString(), told.GetProperty("leads").GetProperty("sourced").GetInt64()).ShouldBe(("Draft", 7));
        tab.Data.GetProperty("type").GetString().ShouldBe("campaign");

        await app.Database.ExecuteAsync("""
            insert into connections (id, workspace_id, provider, state, method, is_sandbox, account_key, health, rotated_at, connected_by, connected_at,
                created_at, updated_at)
            values ($1, $2, 'mistral', 'disconnected', 'key', true, 'x', 'unknown', now(), 'anna', now(), now(), now())
            """, Guid.CreateVersion7(), owner.WorkspaceId);
        (await tab.NextAsync()).Type.ShouldBe("connection");
        tab.Data.GetProperty("campaign").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Who_comes_back_hears_what_was_missed_on_whichever_node()
    {
        string mark;
        await using (var tab = await OpenAsync(owner.Http))
        {
            await tab.NextAsync();
            mark = await tab.SettleAsync();
        }

        await ChangeAsync();
        await using var node = TestApp.Beside(app.Database);
        using var there = node.Client("");
        there.DefaultRequestHeaders.Authorization = owner.Http.DefaultRequestHeaders.Authorization;
        await using var back = await OpenAsync(there, mark);
        (await back.NextAsync()).ShouldBe(("campaign", campaign), "and no reset before");
        await ChangeAsync();
        (await back.NextAsync()).ShouldBe(("campaign", campaign));
    }

    [Theory]
    [InlineData("1-10:20:")]
    [InlineData("nonsense")]
    [InlineData("1764398400-10:20:'; drop table leads")]
    public async Task An_id_from_which_nobody_knows_what_was_missed_is_answered_with_a_reset(string mark)
    {
        await using var tab = await OpenAsync(owner.Http, mark);
        (await tab.NextAsync()).ShouldBe(("reset", null));
    }

    [Fact]
    public async Task A_viewer_hears_it_too_until_the_membership_ends_and_a_key_that_may_not_read_does_not()
    {
        var viewer = await app.RegisterAsync(People.Address("viewer"));
        await viewer.JoinAsync(owner, "viewer");
        await using var tab = await OpenAsync(viewer.Http);
        await tab.NextAsync();
        await tab.SettleAsync();
        await ChangeAsync();
        (await tab.NextAsync()).ShouldBe(("campaign", campaign));
        var keys = $"/api/workspaces/{owner.WorkspaceId}/api-keys";
        var key = await People.JsonAsync(await owner.Http.PostAsJsonAsync(keys, new { name = "decides", scopes = (string[])["approve"] }));
        using var decides = app.Client(key.GetProperty("key").GetString()!);
        (await decides.GetAsync("/api/events")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/members/{viewer.UserId}")).EnsureSuccessStatusCode();

        await tab.EndsAsync();
        await Eventually.Be(() => app.Services.GetRequiredService<OpenStreams>().Count == 0);
    }

    /// <summary>With the rule of the list in which such things are read.</summary>
    [Theory]
    [InlineData(ChangeKind.Campaign, "/api/campaigns")]
    [InlineData(ChangeKind.Approval, "/api/approvals")]
    [InlineData(ChangeKind.Connection, "/api/connections")]
    [InlineData(ChangeKind.Run, "/api/workflow-instances/{id:guid}/waits")]
    public void Each_kind_is_told_to_whoever_may_read_it(string kind, string list)
    {
        var kinds = app.Services.GetServices<ChangeKind>().ToList();
        kinds.Select(one => one.Name).Prepend(ChangeType.Reset).ShouldBe(ChangeType.All, ignoreOrder: true);
        var rule = AccessTests.Expected().Single(route => route.Method == "GET" && route.Template == list).Rule;
        kinds.Single(one => one.Name == kind).Needs.ToString().ShouldBe(rule);
    }

    private Task<int> ChangeAsync() => app.Database.ExecuteAsync("update campaigns set cost_usd = cost_usd + 1 where id = $1", campaign);

    private static JsonObject WithoutStart()
    {
        var request = CampaignRun.Request();
        request["start"] = false;
        return request;
    }

    private static async Task<Tab> OpenAsync(HttpClient http, string? mark = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        if (mark is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", mark);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new(answer, SseParser.Create(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>What a browser's EventSource would hear.</summary>
    private sealed class Tab(HttpResponseMessage answer, SseParser<string> parser) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> events = parser.EnumerateAsync().GetAsyncEnumerator();

        public JsonElement Data { get; private set; }

        public async Task<(string Type, Guid? Id)> NextAsync()
        {
            (await events.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
            Data = JsonElement.Parse(events.Current.Data);
            var id = Data.GetProperty("id");
            return (events.Current.EventType, id.ValueKind == JsonValueKind.Null ? null : id.GetGuid());
        }

        /// <summary>Where others on the same PostgreSQL were at work as it began, a second reset has the first id.</summary>
        public async Task<string> SettleAsync()
        {
            while (parser.LastEventId.Length == 0) await NextAsync();
            return parser.LastEventId;
        }

        public async Task EndsAsync()
        {
            try
            {
                while (await events.MoveNextAsync().AsTask().WaitAsync(Patience))
                {
                    // What was on its way.
                }
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
            {
                // Cut off.
            }
        }

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            try
            {
                await events.DisposeAsync();
            }
            catch (NotSupportedException)
            {
                // A look for the next event is under way.
            }
        }
    }
}
