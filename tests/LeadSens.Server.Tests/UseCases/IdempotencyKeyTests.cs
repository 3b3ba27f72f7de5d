using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Rights;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.UseCases;

/// <summary>Requests that are sent again under the key that they were sent with.</summary>
public sealed class IdempotencyKeyTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private readonly TestApp app = apps.App;
    private SomePerson owner = null!;

    public async ValueTask InitializeAsync() => owner = await app.RegisterAsync(People.Address("owner"));

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task The_same_request_again_is_answered_with_the_same_and_does_nothing()
    {
        var key = Key();
        using var first = await CreateAsync(owner.Http, key);
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        var said = await first.Content.ReadAsStringAsync();
        await app.Database.ExecuteAsync("update campaigns set name = 'Changed since' where workspace_id = $1", owner.WorkspaceId);

        using var second = await CreateAsync(owner.Http, key);

        (second.StatusCode, second.Headers.Location).ShouldBe((first.StatusCode, first.Headers.Location));
        (await second.Content.ReadAsStringAsync()).ShouldBe(said);
        (await CountAsync()).ShouldBe(1);
        (await app.Database.ScalarAsync<long>("select count(*) from audit_entries where workspace_id = $1 and action = 'campaign.made'",
            owner.WorkspaceId)).ShouldBe(1);
    }

    [Fact]
    public async Task Another_request_with_the_key_is_refused()
    {
        var key = Key();
        using var first = await CreateAsync(owner.Http, key);

        using var other = await CreateAsync(owner.Http, key, limit: 11);

        (other.StatusCode, await People.CodeAsync(other)).ShouldBe((HttpStatusCode.Conflict, "idempotency_key_reused"));
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_its_callers_and_its_use_cases_own()
    {
        var (key, colleague) = (Key(), await app.RegisterAsync(People.Address("colleague")));
        await colleague.JoinAsync(owner, "member");
        using var first = await CreateAsync(owner.Http, key);
        using var second = await CreateAsync(colleague.Http, key);
        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await CountAsync()).ShouldBe(2);

        var id = (await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var cancelled = await SendAsync(owner.Http, $"/api/campaigns/{id}/cancel", key, null);
        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_may_no_more_is_not_told_again_what_they_were_told()
    {
        var (key, colleague) = (Key(), await app.RegisterAsync(People.Address("demoted")));
        await colleague.JoinAsync(owner, "owner");
        var path = $"/api/workspaces/{owner.WorkspaceId}/api-keys";
        var body = new { name = "mine", scopes = new[] { "read" } };
        using var made = await SendAsync(colleague.Http, path, key, JsonContent.Create(body));
        made.StatusCode.ShouldBe(HttpStatusCode.Created);

        var member = $"/api/workspaces/{owner.WorkspaceId}/members/{colleague.UserId}";
        (await owner.Http.PatchAsJsonAsync(member, new { role = "member" })).EnsureSuccessStatusCode();
        using var again = await SendAsync(colleague.Http, path, key, JsonContent.Create(body));
        again.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var others = await SendAsync(owner.Http, path, key, JsonContent.Create(body));
        (await People.JsonAsync(others)).GetProperty("id").GetGuid()
            .ShouldNotBe((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(), "another caller's key of the same text is another");
    }

    [Fact]
    public async Task Equal_requests_at_the_same_moment_do_it_once()
    {
        var key = Key();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => CreateAsync(owner.Http, key)));

        (await CountAsync()).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBeGreaterThan(0);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            (await People.CodeAsync(answer)).ShouldBe("idempotency_in_progress");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await Task.WhenAll(answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Select(answer =>
            answer.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        using var later = await CreateAsync(owner.Http, key);
        later.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_refusal_takes_no_key()
    {
        var key = Key();
        using var refused = await CreateAsync(owner.Http, key, limit: 0);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var made = await CreateAsync(owner.Http, key);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_holds_for_a_day_and_is_then_forgotten()
    {
        var key = Key();
        using var first = await CreateAsync(owner.Http, key);
        await app.Database.ExecuteAsync("update idempotency_keys set created_at = created_at - interval '23 hours' where workspace_id = $1", owner.WorkspaceId);
        await app.Services.GetRequiredService<ForgetByAge>().ForgetAsync(CancellationToken.None);
        using var again = await CreateAsync(owner.Http, key);
        (await CountAsync()).ShouldBe(1);

        await app.Database.ExecuteAsync("update idempotency_keys set created_at = created_at - interval '2 hours' where workspace_id = $1", owner.WorkspaceId);
        using var late = await CreateAsync(owner.Http, key, limit: 11);
        late.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await CountAsync()).ShouldBe(2);

        await app.Database.ExecuteAsync("update idempotency_keys set created_at = created_at - interval '25 hours' where workspace_id = $1", owner.WorkspaceId);
        await app.Services.GetRequiredService<ForgetByAge>().ForgetAsync(CancellationToken.None);
        (await app.Database.ScalarAsync<long>("select count(*) from idempotency_keys where workspace_id = $1", owner.WorkspaceId)).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_answered_lies_sealed_and_goes_with_whoever_is_erased()
    {
        var key = Key();
        using var first = await CreateAsync(owner.Http, key);
        (await app.Database.ScalarAsync<string>("select to_jsonb(k)::text from idempotency_keys k where workspace_id = $1", owner.WorkspaceId))
            .ShouldNotBeNull().ShouldNotContain(key);
        var sealedAnswer = await app.Database.ScalarAsync<byte[]>("select sealed_outcome from idempotency_keys where workspace_id = $1", owner.WorkspaceId);
        Encoding.UTF8.GetString(sealedAnswer!).ShouldNotContain("Pumps");

        (await owner.Http.PostAsJsonAsync("/api/rights/erase", new { email = "gone@example.com" })).EnsureSuccessStatusCode();
        using var again = await CreateAsync(owner.Http, key);

        (again.StatusCode, await People.CodeAsync(again)).ShouldBe((HttpStatusCode.Conflict, "idempotency_answer_forgotten"));
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_done_when_the_answer_was_lost_is_not_refused_to_who_asks_again()
    {
        var added = await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/suppressions", new { value = "left@example.com" }));
        var entry = $"/api/suppressions/{added.GetProperty("id").GetGuid()}";
        var campaign = (await People.JsonAsync(await CreateAsync(owner.Http, null))).GetProperty("id").GetGuid();
        var (key, path) = (Key(), $"/api/campaigns/{campaign}");
        // The process dies between what it does and what it answers.
        await app.Database.ExecuteAsync("alter table idempotency_keys add constraint cut_off check (state < 2) not valid");
        try
        {
            using var removed = await SendAsync(owner.Http, entry, key, null, HttpMethod.Delete);
            using var changed = await SendAsync(owner.Http, path, key, JsonContent.Create(new { threshold = 7 }), HttpMethod.Patch);
            (removed.StatusCode, changed.StatusCode).ShouldBe((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError));
        }
        finally
        {
            await app.Database.ExecuteAsync("alter table idempotency_keys drop constraint cut_off");
        }

        // What held when it was done may hold no more.
        await app.Database.ExecuteAsync("update campaigns set workflow = 'gone' where id = $1", campaign);
        using var removedAgain = await SendAsync(owner.Http, entry, key, null, HttpMethod.Delete);
        using var changedAgain = await SendAsync(owner.Http, path, key, JsonContent.Create(new { threshold = 7 }), HttpMethod.Patch);

        removedAgain.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        changedAgain.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Database.ScalarAsync<long>(
            "select count(*) from audit_entries where workspace_id = $1 and action in ('campaign.changed', 'suppression.removed')", owner.WorkspaceId))
                .ShouldBe(2);
    }

    [Fact]
    public async Task A_key_has_a_length()
    {
        using var answer = await CreateAsync(owner.Http, new string('k', 256));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("Idempotency-Key");
    }

    [Fact]
    public async Task A_campaign_that_is_started_under_a_key_is_started_once()
    {
        using var made = await CreateAsync(owner.Http, null);
        var (id, key) = ((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(), Key());
        using var first = await SendAsync(owner.Http, $"/api/campaigns/{id}/start", key, null);
        using var second = await SendAsync(owner.Http, $"/api/campaigns/{id}/start", key, null);

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await app.Database.ScalarAsync<long>("select count(*) from audit_entries where workspace_id = $1 and action = 'campaign.started'",
            owner.WorkspaceId)).ShouldBe(1);
        using var other = await SendAsync(owner.Http, $"/api/campaigns/{id}/start", Key(), null);
        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    private static string Key() => Guid.CreateVersion7().ToString();

    private Task<long> CountAsync() => app.Database.ScalarAsync<long>("select count(*) from campaigns where workspace_id = $1", owner.WorkspaceId);

    private static Task<HttpResponseMessage> CreateAsync(HttpClient http, string? key, int limit = 10)
    {
        var request = CampaignRun.Request(limit);
        (request["name"], request["start"]) = ("Pumps", false);
        return SendAsync(http, "/api/campaigns", key, JsonContent.Create(request));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string? key, HttpContent? content, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await http.SendAsync(request);
    }
}
