using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Changes;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Operations;
using LeadSens.Server.Rights;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Webhooks;

[Collection(typeof(RightsTests))]
public sealed class WebhookTests(RightsApp rights) : IAsyncLifetime
{
    private const string AppSecret = "private-app-secret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static int people;

    private SomePerson owner = null!;
    private HttpClient nobody = null!;

    public async ValueTask InitializeAsync()
    {
        owner = await rights.App.RegisterAsync($"owner{Interlocked.Increment(ref people)}@webhooks.example");
        nobody = rights.App.Client("");
    }

    public ValueTask DisposeAsync()
    {
        nobody.Dispose();
        return default;
    }

    [Fact]
    public async Task Replies_bounces_and_unsubscriptions_reach_their_leads()
    {
        var (campaign, address, secret) = (await PushedAsync(3), await InstantlyAsync(), "");
        (address, secret) = Split(address);
        using var watch = rights.App.Services.GetRequiredService<ChangeHub>().Begin(owner.WorkspaceId, only: new(ChangeKind.Campaign, campaign.Id))!;
        (await watch.WaitAsync(Patience, TimeProvider.System, CancellationToken.None)).ShouldBeTrue();
        watch.Take();

        await TellAsync(address, secret, "reply_received", "lead1");
        await TellAsync(address, secret, "email_bounced", "LEAD2");
        await TellAsync(address, secret, "lead_unsubscribed", "lead3");
        await ProcessedAsync(3);
        (await watch.WaitAsync(Patience, TimeProvider.System, CancellationToken.None)).ShouldBeTrue("who watches the campaign looks again");

        (await StatusesAsync(campaign)).ShouldBe(["Replied", "Bounced", "Unsubscribed"]);
        var suppressed = (await owner.Http.GetFromJsonAsync<JsonElement>("/api/suppressions")).GetProperty("items").EnumerateArray().Single();
        (suppressed.GetProperty("value").GetString(), suppressed.GetProperty("source").GetString()).ShouldBe(("lead3@example.com", "unsubscribe"));
        (await rights.Db.ListAsync<string>("select type from outbox_events where workspace_id = $1 order by type", owner.WorkspaceId)).ShouldBe(["LeadBounced", "LeadReplied", "LeadUnsubscribed"]);
        (await rights.Db.ScalarAsync<string>("select string_agg(e::text, ' ') from webhook_events e")).ShouldNotBeNull().ShouldNotContain("lead1@example.com");
    }

    [Fact]
    public async Task The_newer_event_counts_in_whatever_order_they_come_and_each_once()
    {
        var campaign = await PushedAsync(2);
        var (address, secret) = Split(await InstantlyAsync());

        await TellAsync(address, secret, "email_bounced", "lead1", "2026-10-02T10:00:00Z");
        await ProcessedAsync(1);
        await TellAsync(address, secret, "reply_received", "lead1", "2026-10-01T10:00:00Z");
        await TellAsync(address, secret, "lead_unsubscribed", "lead2", "2026-10-01T10:00:00Z");
        await ProcessedAsync(3);
        await TellAsync(address, secret, "reply_received", "lead2", "2026-10-03T10:00:00Z");
        // The same once more, eight times at once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TellAsync(address, secret, "reply_received", "lead1", "2026-10-05T10:00:00Z")));
        await ProcessedAsync(5);

        answers.ShouldAllBe(status => status == HttpStatusCode.OK);
        (await StatusesAsync(campaign)).ShouldBe(["Replied", "Unsubscribed"]);
        (await rights.Db.ScalarAsync<long>("select count(*) from outbox_events where workspace_id = $1 and type = 'LeadReplied'", owner.WorkspaceId)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_leaves_a_count_and_nothing_else_behind()
    {
        var refused = 0L;
        using var counted = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "leadsens.webhooks.refused") listener.EnableMeasurementEvents(instrument); } };
        counted.SetMeasurementEventCallback<long>((_, calls, _, _) => Interlocked.Add(ref refused, calls));
        counted.Start();
        await PushedAsync(1);
        var (address, secret) = Split(await InstantlyAsync());

        (await TellAsync(address, "wrong", "lead_unsubscribed", "lead1")).ShouldBe(HttpStatusCode.Unauthorized);
        (await TellAsync(address, "", "lead_unsubscribed", "lead1")).ShouldBe(HttpStatusCode.Unauthorized);
        (await TellAsync(address, secret + "x", "lead_unsubscribed", "lead1")).ShouldBe(HttpStatusCode.Unauthorized);
        (await TellAsync($"/api/webhooks/instantly/{Guid.CreateVersion7()}", secret, "lead_unsubscribed", "lead1")).ShouldBe(HttpStatusCode.Unauthorized);
        (await TellAsync(address.Replace("instantly", "hubspot", StringComparison.Ordinal), secret, "lead_unsubscribed", "lead1")).ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.PostAsync("/api/webhooks/instantly", new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.PostAsync("/api/webhooks/hubspot", new StringContent("[]"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await rights.Db.ScalarAsync<long>("select count(*) from webhook_events where workspace_id = $1", owner.WorkspaceId)).ShouldBe(0);
        refused.ShouldBeGreaterThanOrEqualTo(6);
    }

    [Fact]
    public async Task A_new_secret_takes_over_while_the_old_one_is_still_taken()
    {
        var (address, old) = Split(await InstantlyAsync());
        var (same, secret) = Split(await InstantlyAsync());

        same.ShouldBe(address);
        (await TellAsync(address, secret, "email_sent", "new")).ShouldBe(HttpStatusCode.OK);
        (await TellAsync(address, old, "email_sent", "old")).ShouldBe(HttpStatusCode.OK);
        await rights.Db.ExecuteAsync("update webhook_endpoints set previous_until = clock_now() - interval '1 second' where workspace_id = $1", owner.WorkspaceId);
        (await TellAsync(address, old, "email_sent", "late")).ShouldBe(HttpStatusCode.Unauthorized);
        (await rights.Db.ScalarAsync<string>("select string_agg(e::text, ' ') from webhook_endpoints e")).ShouldNotBeNull().ShouldNotContain(secret);
    }

    [Fact]
    public async Task Unknown_events_are_kept_and_ignored_and_what_is_none_is_refused()
    {
        var (address, secret) = Split(await InstantlyAsync());

        (await TellAsync(address, secret, "lead_danced", "lead1")).ShouldBe(HttpStatusCode.OK);
        foreach (var body in new[] { "", "[]", "{", "{\"event_type\":7}", "\"x\"", new string('[', 100_000) }) (await PostAsync(address, secret, body)).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(address, secret, $"{{\"event_type\":\"{new string('x', 1024 * 1024)}\"}}")).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await ProcessedAsync(1);

        (await owner.Http.GetFromJsonAsync<JsonElement>("/api/webhooks/events")).GetProperty("items")[0].GetProperty("state").GetString().ShouldBe("ignored");
    }

    [Fact]
    public async Task HubSpot_is_taken_at_its_signature_and_each_event_once()
    {
        var path = await HubSpotAsync();
        var body = Events((1, "contact.propertyChange", "17"), (2, "contact.deletion", "18"), (1, "contact.propertyChange", "17"));

        (await SignedAsync(path, body)).ShouldBe(HttpStatusCode.OK);
        (await SignedAsync(path, body)).ShouldBe(HttpStatusCode.OK);
        (await SignedAsync(path, body, secret: "another")).ShouldBe(HttpStatusCode.Unauthorized);
        (await SignedAsync(path, body, at: TimeProvider.System.GetUtcNow().AddMinutes(-6))).ShouldBe(HttpStatusCode.Unauthorized);
        (await SignedAsync(path, body, at: TimeProvider.System.GetUtcNow().AddMinutes(6))).ShouldBe(HttpStatusCode.Unauthorized);
        (await SignedAsync(path, body, sent: body.Replace("17", "71", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.Unauthorized);
        (await SignedAsync(path, "{}")).ShouldBe(HttpStatusCode.BadRequest);
        await ProcessedAsync(2);

        (await rights.Db.ListAsync<string>("select event_type || ' ' || state from webhook_events where workspace_id = $1 order by event_type", owner.WorkspaceId))
            .ShouldBe(["contact.deletion done", "contact.propertyChange done"]);
    }

    [Fact]
    public async Task The_public_apps_events_go_to_the_workspaces_that_connected_the_account()
    {
        await rights.Db.ExecuteAsync("""
            insert into connections (id, workspace_id, provider, state, method, is_sandbox, account_key, account_id, credentials, rotated_at, health, connected_by, connected_at, created_at, updated_at)
            values ($1, $2, 'hubspot', 'connected', 'oauth', true, $1::text, '62515', 'x', now(), 'ok', 'test', now(), now(), now())
            """, Guid.CreateVersion7(), owner.WorkspaceId);
        var services = rights.App.Services;
        var receive = new ReceiveWebhook(services.GetRequiredService<WebhookEndpoints>(), services.GetRequiredService<WebhookInbox>(), services.GetRequiredService<WebhookMetrics>(), rights.Db.DataSource,
            services.GetRequiredService<PublicAddress>(), TimeProvider.System);
        var webhook = new HubSpotWebhook(Options.Create(new HubSpotOptions { ClientSecret = "public-app-secret" }), services.GetRequiredService<Erasures>());

        (await CallAsync(receive, webhook, "public-app-secret")).Result.ShouldBeOfType<Ok>();
        (await CallAsync(receive, webhook, AppSecret)).Result.ShouldBeOfType<ProblemHttpResult>().StatusCode.ShouldBe(401);
        await ProcessedAsync(1);

        (await rights.Db.ListAsync<string>("select object_id from webhook_events where workspace_id = $1", owner.WorkspaceId)).ShouldBe(["21"]);
    }

    [Fact]
    public async Task A_deletion_for_privacy_erases_the_person_here_as_well()
    {
        var (campaign, path) = (await PushedAsync(2), await HubSpotAsync());
        await rights.Db.ExecuteAsync(
            "update leads set crm = 'hubspot', crm_id = '4711' where campaign_id = $1 and email_key = 'lead1@example.com'", campaign.Id);

        (await SignedAsync(path, Events((9, "contact.privacyDeletion", "4711")))).ShouldBe(HttpStatusCode.OK);
        await ProcessedAsync(1);

        (await rights.Db.ListAsync<string>("select coalesce(email_key, 'nobody') from leads where campaign_id = $1 order by 1", campaign.Id)).ShouldBe(["lead2@example.com", "nobody"]);
        (await rights.Db.ScalarAsync<long>("select count(*) from suppressions where workspace_id = $1 and source = 'erasure' and value is null", owner.WorkspaceId)).ShouldBe(1);
        (await owner.Http.GetFromJsonAsync<JsonElement>("/api/audit?action=person.erased")).GetProperty("items")[0].GetProperty("actorKind").GetString().ShouldBe("system");
    }

    [Fact]
    public async Task The_sandbox_calls_as_the_vendors_do()
    {
        await using var listener = await WebhookListener.StartAsync();
        var events = "[{\"eventId\":1}]";
        (await rights.Sandbox.Http.PostAsJsonAsync("/_sandbox/webhooks", new { vendor = "hubspot", url = $"{listener.Url}/hook?to=a%3Ab", secret = AppSecret, body = events })).EnsureSuccessStatusCode();
        (await rights.Sandbox.Http.PostAsJsonAsync("/_sandbox/webhooks", new { vendor = "instantly", url = $"{listener.Url}/hook", header = "X-LeadSens-Webhook-Secret", secret = "lsw_1", body = "{}" })).EnsureSuccessStatusCode();

        var (signed, plain) = (listener.Calls[0], listener.Calls[1]);
        HubSpotSignature.Holds(AppSecret, "POST", $"{listener.Url}/hook?to=a%3Ab", Encoding.UTF8.GetBytes(signed.Body), signed.Headers["X-HubSpot-Request-Timestamp"],
            signed.Headers["X-HubSpot-Signature-v3"], TimeProvider.System.GetUtcNow()).ShouldBeTrue();
        (plain.Headers["X-LeadSens-Webhook-Secret"], plain.Body).ShouldBe(("lsw_1", "{}"));
    }

    private async Task<ReviewedCampaign> PushedAsync(int leads)
    {
        var campaign = await ReviewedCampaign.CreateAsync(rights.Db, leads, owner.WorkspaceId);
        await rights.Db.ExecuteAsync("update leads set status = 'Pushed' where campaign_id = $1", campaign.Id);
        return campaign;
    }

    private Task<List<string>> StatusesAsync(ReviewedCampaign campaign) => rights.Db.ListAsync<string>("select status from leads where campaign_id = $1 order by email_key", campaign.Id);

    /// <summary>Address and secret, with a blank between.</summary>
    private async Task<string> InstantlyAsync()
    {
        var made = await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/webhooks/endpoints", new { provider = "instantly" }));
        return $"{new Uri(made.GetProperty("url").GetString()!).PathAndQuery} {made.GetProperty("secret").GetString()}";
    }

    private static (string Address, string Secret) Split(string made) => (made.Split(' ')[0], made.Split(' ')[1]);

    private async Task<string> HubSpotAsync() =>
        new Uri((await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/webhooks/endpoints", new { provider = "hubspot", secret = AppSecret }))).GetProperty("url").GetString()!).PathAndQuery;

    private Task<HttpStatusCode> TellAsync(string path, string secret, string type, string name, string at = "2026-10-01T10:00:00Z") =>
        PostAsync(path, secret, JsonSerializer.Serialize(new { timestamp = at, event_type = type, campaign_id = "unknown", lead_email = $"{name}@example.com", reply_text = "Hello" }));

    private async Task<HttpStatusCode> PostAsync(string path, string secret, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret.Length > 0) request.Headers.Add("X-LeadSens-Webhook-Secret", secret);
        using var answer = await nobody.SendAsync(request);
        return answer.StatusCode;
    }

    /// <param name="sent">What arrives instead of what was signed.</param>
    private async Task<HttpStatusCode> SignedAsync(string path, string body, string secret = AppSecret, DateTimeOffset? at = null, string? sent = null)
    {
        var timestamp = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeMilliseconds().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(sent ?? body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-HubSpot-Request-Timestamp", timestamp);
        request.Headers.Add("X-HubSpot-Signature-v3", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"POSThttp://localhost{path}{body}{timestamp}"))));
        using var answer = await nobody.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>One event of the account that is connected, and one of another's.</summary>
    private static Task<Results<Ok, ProblemHttpResult>> CallAsync(ReceiveWebhook receive, HubSpotWebhook webhook, string secret)
    {
        var body = Encoding.UTF8.GetBytes(Events((31, "contact.creation", "21"))[..^1] + "," + Events((32, "contact.creation", "22"))[1..].Replace("62515", "99999", StringComparison.Ordinal));
        var context = new DefaultHttpContext { Request = { Method = "POST", Path = "/api/webhooks/hubspot", Body = new MemoryStream(body) } };
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString();
        var signed = Encoding.UTF8.GetBytes($"POSThttp://localhost/api/webhooks/hubspot{Encoding.UTF8.GetString(body)}{timestamp}");
        context.Request.Headers["X-HubSpot-Request-Timestamp"] = timestamp;
        context.Request.Headers["X-HubSpot-Signature-v3"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        return receive.ExecuteAsync("hubspot", webhook, null, context, CancellationToken.None);
    }

    private static string Events(params (int Id, string Type, string Object)[] events) => JsonSerializer.Serialize(events.Select(one => new
    {
        eventId = one.Id, subscriptionId = 5, portalId = 62515, appId = 1160452, occurredAt = 1_760_000_000_000 + one.Id, subscriptionType = one.Type, attemptNumber = 0, objectId = long.Parse(one.Object),
    }));

    private Task ProcessedAsync(int events) => Eventually.Be(async () =>
        await rights.Db.ScalarAsync<long>("select count(*) from webhook_events where workspace_id = $1 and state <> 'received'", owner.WorkspaceId) == events, TimeSpan.FromSeconds(40));
}
