using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSens.Server.Tests.Audit;

[Collection(typeof(RightsTests))]
public sealed class AuditTests(RightsApp rights) : IAsyncLifetime
{
    private static int people;

    private readonly TestApp app = rights.App;
    private SomePerson owner = null!;

    public async ValueTask InitializeAsync() => owner = await app.RegisterAsync($"owner{Interlocked.Increment(ref people)}@audit.example");

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Registering_and_signing_in_is_noted_with_who_and_what_but_without_personal_data()
    {
        (await app.Client("").PostAsJsonAsync("/api/auth/login", new { email = owner.Email, password = "not the password" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await ActionsAsync()).ShouldBe(["account.registered", "session.started", "login.refused"]);
        var first = (await EntriesAsync("?action=account")).Single();
        first.GetProperty("actorKind").GetString().ShouldBe("person");
        first.GetProperty("actorId").GetGuid().ShouldBe(owner.UserId);
        (await app.Database.ScalarAsync<string>("select string_agg(e::text, ' ') from audit_entries e")).ShouldNotBeNull().ShouldNotContain("audit.example", Case.Insensitive);
    }

    [Fact]
    public async Task A_refresh_token_that_comes_twice_is_noted()
    {
        for (var time = 0; time < 2; time++) await app.Client("").PostAsJsonAsync("/api/auth/refresh", new { refreshToken = owner.RefreshToken });

        (await app.Database.ListAsync<string>("select details ->> 'reason' from audit_entries where action = 'session.ended' and subject_id = $1", owner.UserId.ToString())).ShouldBe(["token_reused"]);
    }

    [Fact]
    public async Task Guessing_at_a_locked_account_does_not_fill_the_log()
    {
        for (var i = 0; i < 14; i++) await app.Client("").PostAsJsonAsync("/api/auth/login", new { email = owner.Email, password = $"guess number {i}" });

        var refused = await EntriesAsync("?action=login.refused");
        refused.Count.ShouldBe(10);
        refused[0].GetProperty("details").GetProperty("locked").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("40P01")]
    [InlineData("40001")]
    public async Task A_change_that_PostgreSQL_ended_in_favour_of_another_is_made_and_noted_once(string state)
    {
        var attempts = 0;
        var entry = new AuditEntry(owner.WorkspaceId, AuditActor.System, "test.changed");

        var changed = await app.Database.DataSource.ChangeAsync(entry, async connection =>
        {
            await using var rename = new NpgsqlCommand("update workspaces set name = name || '!' where id = $1", connection) { Parameters = { new() { Value = owner.WorkspaceId } } };
            await rename.ExecuteNonQueryAsync();
            if (++attempts > 1) return "changed";
            await using var collide = new NpgsqlCommand($"do $$ begin raise exception 'collision' using errcode = '{state}'; end $$", connection);
            await collide.ExecuteNonQueryAsync();
            return null;
        }, CancellationToken.None);

        changed.ShouldBe("changed");
        attempts.ShouldBe(2);
        (await app.Database.ScalarAsync<string>("select name from workspaces where id = $1", owner.WorkspaceId)).ShouldBe("Ada's workspace!");
        (await app.Database.ScalarAsync<long>("select count(*) from audit_entries where action = 'test.changed' and workspace_id = $1", owner.WorkspaceId)).ShouldBe(1);
    }

    [Fact]
    public async Task Changes_of_a_workspace_are_noted_for_its_owners_alone()
    {
        var member = await app.RegisterAsync("member@audit.example");
        await member.JoinAsync(owner, "member");
        var workspace = $"/api/workspaces/{owner.WorkspaceId}";
        await owner.Http.PutAsJsonAsync($"{workspace}/company-dna", new { companyDna = "We make things." });
        var key = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"{workspace}/api-keys", new { name = "script", scopes = new[] { "read", "work", "manage" } }));
        using var script = app.Client(key.GetProperty("key").GetString()!);
        var campaign = await People.JsonAsync(await script.PostAsJsonAsync("/api/campaigns", Draft()));
        await owner.Http.DeleteAsync($"{workspace}/api-keys/{key.GetProperty("id").GetGuid()}");
        await owner.Http.PatchAsJsonAsync($"{workspace}/members/{member.UserId}", new { role = "viewer" });
        await owner.Http.DeleteAsync($"{workspace}/members/{member.UserId}");

        (await ActionsAsync()).ShouldBe([
            "account.registered", "session.started", "invitation.made", "invitation.accepted", "dna.changed", "key.made", "campaign.made", "key.revoked", "member.changed", "member.removed"]);
        var made = (await EntriesAsync($"?subject={campaign.GetProperty("id").GetGuid()}")).Single();
        made.GetProperty("actorKind").GetString().ShouldBe("key");
        made.GetProperty("actorId").GetGuid().ShouldBe(key.GetProperty("id").GetGuid());
        (await member.Http.PostAsync($"/api/workspaces/{member.WorkspaceId}/switch", null)).EnsureSuccessStatusCode();
        (await member.Http.GetFromJsonAsync<JsonElement>("/api/audit")).GetProperty("items").EnumerateArray().ShouldAllBe(entry => entry.GetProperty("actorId").GetGuid() == member.UserId);
    }

    [Fact]
    public async Task What_was_not_done_is_not_noted()
    {
        var before = (await ActionsAsync()).Count;

        (await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/members/{owner.UserId}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        (await ActionsAsync()).Count.ShouldBe(before);
    }

    [Fact]
    public async Task The_log_refuses_to_be_changed()
    {
        var before = await ActionsAsync();
        foreach (var sql in new[]
        {
            "update audit_entries set action = 'nothing.done'", "delete from audit_entries", "truncate audit_entries", "truncate audit_entries, audit_unsealed, audit_seals",
            "with forging as (select set_config('leadsens.audit_forgets', 'by age', false)) delete from audit_entries where exists (select from forging)",
        })
            (await Should.ThrowAsync<PostgresException>(() => app.Database.ExecuteAsync(sql), sql)).MessageText.ShouldBe("The audit log is only added to.");

        (await ActionsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_somebody_changes_past_the_service_shows()
    {
        var seals = app.Services.GetRequiredService<AuditSeals>();
        while (await seals.SealAsync(default) > 0) ;
        await owner.Http.PutAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/company-dna", new { companyDna = "More." });
        (await VerdictAsync()).ShouldBe((true, 3));
        while (await seals.SealAsync(default) > 0) ;
        (await VerdictAsync()).ShouldBe((true, 3));

        // As the owner of the tables could: the triggers off, one line changed.
        await app.Database.ExecuteAsync("alter table audit_entries disable trigger user");
        await app.Database.ExecuteAsync("update audit_entries set actor_id = 'somebody else' where workspace_id = $1 and action = 'dna.changed'", owner.WorkspaceId);
        (await VerdictAsync()).Valid.ShouldBeFalse();
        await app.Database.ExecuteAsync("update audit_entries set actor_id = $2 where workspace_id = $1 and action = 'dna.changed'", owner.WorkspaceId, owner.UserId.ToString());
        (await VerdictAsync()).Valid.ShouldBeTrue();
        await app.Database.ExecuteAsync("delete from audit_entries where workspace_id = $1 and action = 'dna.changed'", owner.WorkspaceId);
        (await VerdictAsync()).Valid.ShouldBeFalse();
        await app.Database.ExecuteAsync("alter table audit_entries enable trigger user");
    }

    [Fact]
    public async Task The_log_is_read_page_by_page_and_by_who_what_and_when()
    {
        for (var i = 0; i < 5; i++) await owner.Http.PutAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/company-dna", new { companyDna = new string('a', i) });

        var seen = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await owner.Http.GetFromJsonAsync<JsonElement>($"/api/audit?limit=2{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        seen.Count.ShouldBe(7);
        seen.ShouldBeUnique();
        (await EntriesAsync($"?actor={owner.UserId}&action=dna")).Count.ShouldBe(5);
        (await EntriesAsync($"?actor=key")).ShouldBeEmpty();
        (await EntriesAsync("?from=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z")).ShouldBeEmpty();
        (await owner.Http.GetAsync("/api/audit?from=yesterday")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_download_has_every_line_and_no_formula()
    {
        await using var connection = await app.Database.DataSource.OpenConnectionAsync(CancellationToken.None);
        var evil = new AuditEntry(owner.WorkspaceId, new AuditActor(AuditActor.Service, "=HYPERLINK(\"http://evil.example\")"), "test.noted", "test", "＝1+1");
        await AuditLog.AppendAsync(connection, evil, default);

        var csv = await owner.Http.GetStringAsync("/api/audit/download");
        var lines = await owner.Http.GetStringAsync("/api/audit/download?format=jsonl");

        csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
        csv.ShouldContain("\"'=HYPERLINK(\"\"http://evil.example\"\")\"");
        csv.ShouldContain(",\"'＝1+1\",");
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("action").GetString()).ShouldBe(["account.registered", "session.started", "test.noted"]);
        (await owner.Http.GetAsync("/api/audit/download?format=xml")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Who_reads_a_download_slowly_holds_nobody_up()
    {
        // Two requests at a time.
        await using var small = await TestApp.StartAsync(settings: [("LeadSens:RequestConnections", "4")]);
        using var http = small.Client();
        await small.Database.ExecuteAsync(
            """
            insert into audit_entries (id, workspace_id, actor_kind, action, at, details)
            select new_id(), $1, 'system', 'test.noted', clock_now(), jsonb_build_object('text', repeat('x', 500)) from generate_series(1, 2500)
            """, Server.Identity.DemoWorkspace.Id);
        var slow = new[] { await DownloadAsync(), await DownloadAsync() };

        (await http.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var download in slow)
        {
            (await download.Content.ReadAsStringAsync()).Split('\n').Count(line => line.Contains("test.noted", StringComparison.Ordinal)).ShouldBe(2500);
            download.Dispose();
        }

        Task<HttpResponseMessage> DownloadAsync() => http.GetAsync("/api/audit/download", HttpCompletionOption.ResponseHeadersRead);
    }

    [Fact]
    public async Task A_download_that_gets_no_turn_any_more_says_so_in_its_last_line()
    {
        await using var small = await TestApp.StartAsync(settings: [("LeadSens:RequestConnections", "4"), ("LeadSens:RequestPatience", "00:00:00.010")]);
        using var http = small.Client();
        await small.Database.ExecuteAsync(
            """
            insert into audit_entries (id, workspace_id, actor_kind, action, at, details)
            select new_id(), $1, 'system', 'test.noted', clock_now(), jsonb_build_object('text', repeat('x', 500)) from generate_series(1, 2500)
            """, Server.Identity.DemoWorkspace.Id);
        using var download = await http.GetAsync("/api/audit/download?format=jsonl", HttpCompletionOption.ResponseHeadersRead);
        var admission = small.Services.GetRequiredService<Pools>().Admission;
        foreach (var other in (string[])["one", "two"]) await admission.TakeAsync(other, CancellationToken.None);

        var text = await download.Content.ReadAsStringAsync();
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();

        lines.Count.ShouldBe(1_001);
        lines[^1].GetProperty("action").GetString().ShouldBe("download.cut_off");
        lines[^1].GetProperty("details").GetProperty("code").GetString().ShouldBe("database_busy");
        lines[^1].GetProperty("at").GetDateTimeOffset().ShouldBe(lines[^2].GetProperty("at").GetDateTimeOffset());
        using var late = await http.GetAsync("/api/audit/download");
        late.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        late.Headers.RetryAfter.ShouldNotBeNull();
        foreach (var other in (string[])["one", "two"]) admission.Return(other);
    }

    private async Task<(bool Valid, long Entries)> VerdictAsync()
    {
        var verdict = await owner.Http.GetFromJsonAsync<JsonElement>("/api/audit/verification");
        return (verdict.GetProperty("valid").GetBoolean(), verdict.GetProperty("entries").GetInt64());
    }

    private static JsonObject Draft()
    {
        var request = CampaignRun.Request();
        request["start"] = false;
        return request;
    }

    private async Task<List<string>> ActionsAsync() => [.. (await EntriesAsync("?limit=100")).Select(entry => entry.GetProperty("action").GetString()!).Reverse()];

    private async Task<List<JsonElement>> EntriesAsync(string query) => [.. (await owner.Http.GetFromJsonAsync<JsonElement>($"/api/audit{query}")).GetProperty("items").EnumerateArray()];
}
