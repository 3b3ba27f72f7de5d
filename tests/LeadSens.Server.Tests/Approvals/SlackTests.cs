using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Activities;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Mail;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Approvals;

public sealed class SlackTests(MailApp house) : IClassFixture<MailApp>, IAsyncLifetime
{
    private readonly string _secret = Guid.CreateVersion7().ToString("N");
    private SomePerson owner = null!;
    private ReviewedCampaign campaign = null!;

    private string Here => $"/api/workspaces/{owner.WorkspaceId}/slack";

    private string Webhook => $"{house.Sandbox.BaseUrl}/slack/services/T0/B0/{_secret}";

    public async ValueTask InitializeAsync()
    {
        await house.Sandbox.FaultsAsync();
        owner = await house.App.RegisterAsync(MailApp.Address());
        campaign = await ReviewedCampaign.CreateAsync(house.Db, 2, owner.WorkspaceId);
        await house.Db.ExecuteAsync("update campaigns set name = 'Spring <!channel> & <https://evil.example|us>' where id = $1", campaign.Id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_channel_hears_of_an_approval_with_a_button_to_the_app_and_no_link_that_decides()
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var approval = await AskAsync();

        await EndAsync(approval);
        var call = (await house.Sandbox.CallsAsync("slack", _secret)).ShouldHaveSingleItem();
        var message = JsonDocument.Parse(call.Body).RootElement;
        message.GetProperty("text").GetString().ShouldNotBeNull().ShouldStartWith("2 leads to review: Spring &lt;!channel&gt; &amp; &lt;https");
        message.GetProperty("blocks")[0].GetProperty("text").GetProperty("type").GetString().ShouldBe("plain_text");
        var button = message.GetProperty("blocks")[1].GetProperty("elements")[0].GetProperty("url").GetString().ShouldNotBeNull();
        new Uri(button).AbsolutePath.ShouldBe($"/studio/approvals/{approval}");
        call.Body.ShouldNotContain("/approve/");

        var shown = await owner.Http.GetFromJsonAsync<JsonElement>(Here);
        (shown.GetProperty("connected").GetBoolean(), shown.GetProperty("brokenReason").ValueKind).ShouldBe((true, JsonValueKind.Null));
        shown.GetProperty("deliveredAt").ValueKind.ShouldBe(JsonValueKind.String);
        var stored = await house.Db.ScalarAsync<string>("""
            select (select string_agg(s::text || encode(s.sealed_url, 'escape'), ' ') from notice_channels s) || (select string_agg(j::text, ' ') from jobs j) || (select string_agg(a::text, ' ') from audit_entries a)
            """);
        foreach (var place in (string[])[shown.GetRawText(), stored!, house.App.Log.Text]) place.ShouldNotContain(_secret);
    }

    [Fact]
    public async Task The_button_opens_the_review_under_the_name_of_whoever_is_signed_in()
    {
        var approval = await AskAsync();
        var stranger = await house.App.RegisterAsync(MailApp.Address());
        var approver = await house.App.RegisterAsync(MailApp.Address());
        await approver.JoinAsync(owner, "approver");
        using var nobody = house.App.Client("");
        (await nobody.GetAsync($"/studio/approvals/{approval}")).Headers.Location!.ToString().ShouldContain("/studio/sign-in");
        using var strange = await house.App.BrowserAsync(stranger.Email);
        (await strange.GetAsync($"/studio/approvals/{approval}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var browser = await house.App.BrowserAsync(approver.Email);
        var page = await browser.GetStringAsync($"/studio/approvals/{approval}");
        (await house.Db.ScalarAsync<long>("select count(*) from approval_tokens where user_id = $1", approver.UserId)).ShouldBe(0, "opening writes nothing");
        browser.DefaultRequestHeaders.Remove("X-CSRF-Token");
        (await MailLinks.PostAsync(browser, $"/studio/approvals/{approval}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "the button of our own page alone");
        var review = (await MailLinks.PostAsync(browser, $"/studio/approvals/{approval}", ("__RequestVerificationToken", MailLinks.TokenIn(page)))).Headers.Location!.ToString();
        review.ShouldStartWith("/approve/");
        (await MailLinks.DecideAsync(nobody, review, "approve")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await house.Db.ScalarAsync<string>("select decided_by from approvals where id = $1", approval)).ShouldBe($"user:{approver.UserId}");
        (await browser.GetAsync($"/studio/approvals/{approval}")).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task When_slack_asks_to_wait_the_message_waits_and_comes_once()
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await house.Sandbox.FaultsAsync(new { vendor = "slack", mode = "status", status = 429, retryAfter = 3, times = 1 });
        var approval = await AskAsync();

        (await EndAsync(approval)).ShouldBe("1 1 0 0 0");
        (await house.Sandbox.CallsAsync("slack", _secret)).Select(call => call.Status).ShouldBe([429, 200]);
    }

    [Fact]
    public async Task Messages_to_one_channel_take_turns()
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        foreach (var approval in (Guid[])[await AskAsync("first"), await AskAsync("second"), await AskAsync("third")]) (await EndAsync(approval)).ShouldBe("1 1 0 0 0");

        var at = (await house.Sandbox.CallsAsync("slack", _secret)).Select(call => call.At).Order().ToList();
        at.Count.ShouldBe(3);
        (at[2] - at[0]).TotalSeconds.ShouldBeGreaterThan(1.7, "a channel takes one message a second");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_address_that_slack_forgot_is_marked_broken_and_says_so(int status)
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await house.Sandbox.FaultsAsync(new { vendor = "slack", mode = "status", status });
        (await EndAsync(await AskAsync())).ShouldBe("1 0 0 1 0");

        (await owner.Http.GetFromJsonAsync<JsonElement>(Here)).GetProperty("brokenReason").GetString().ShouldNotBeNull().ShouldContain($"({status})");
        // Nothing is sent there any more, until another address is set.
        await house.Sandbox.FaultsAsync();
        await AskAsync("second");
        (await house.Db.ScalarAsync<long>("select count(*) from jobs where kind = 'slack.notify' and workspace_id = $1", owner.WorkspaceId)).ShouldBe(1);
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await owner.Http.GetFromJsonAsync<JsonElement>(Here)).GetProperty("brokenReason").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_message_without_an_answer_is_not_posted_twice()
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await house.Sandbox.FaultsAsync(new { vendor = "slack", mode = "acceptThenDrop", times = 1 });

        (await EndAsync(await AskAsync())).ShouldBe("1 0 0 1 0");
        (await house.Sandbox.CallsAsync("slack", _secret)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_node_that_dies_between_the_post_and_its_end_leaves_it_at_one_unless_a_person_asks()
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await house.Sandbox.FaultsAsync(new { vendor = "slack", mode = "slow", delayMs = 2_000, times = 1 });
        var approval = await AskAsync();
        await Eventually.Be(async () => (await house.Sandbox.CallsAsync("slack", _secret)).Count == 1);

        // As the others take it from a node that died.
        await house.Db.ExecuteAsync("""
            update jobs set state = 'Queued', claim_token = null, node_id = null, lease_until = null, run_after = clock_now() where kind = 'slack.notify' and payload ->> 'approvalId' = $1
            """, approval.ToString());
        house.Wake();

        (await EndAsync(approval)).ShouldBe("1 0 0 1 0");
        (await house.Db.ScalarAsync<string>("select failure from jobs where payload ->> 'approvalId' = $1", approval.ToString())).ShouldNotBeNull().ShouldContain("may stand in the channel");
        (await house.Sandbox.CallsAsync("slack", _secret)).ShouldHaveSingleItem();

        var job = await house.Db.ScalarAsync<Guid>("select id from jobs where payload ->> 'approvalId' = $1", approval.ToString());
        (await owner.Http.PostAsync($"/api/jobs/{job}/retry", null)).IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.Be(async () => (await house.Sandbox.CallsAsync("slack", _secret)).Count == 2);
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(503, 2)]
    public async Task Only_what_slack_says_it_did_not_take_is_posted_again(int status, int calls)
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = Webhook })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await house.Sandbox.FaultsAsync(new { vendor = "slack", mode = "status", status, times = 1 });

        (await EndAsync(await AskAsync())).ShouldBe(calls == 1 ? "1 0 0 1 0" : "1 1 0 0 0");
        (await house.Sandbox.CallsAsync("slack", _secret)).Count.ShouldBe(calls);
    }

    [Theory]
    [InlineData("http://hooks.slack.com/services/T0/B0/x")]
    [InlineData("https://hooks.slack.com.evil.example/services/T0/B0/x")]
    [InlineData("https://hooks.slack.com@evil.example/services/T0/B0/x")]
    [InlineData("https://evil.example/https://hooks.slack.com/services/T0/B0/x")]
    [InlineData("https://hooks.slack.com/services/T0/B0/x?to=y")]
    [InlineData("https://hooks.slack.com/services/T0/B0/x\n")]
    [InlineData("https://hooks.slack.com/services/../T0/B0")]
    [InlineData("http://127.0.0.1:1/slack/services/T0/B0/x")]
    [InlineData(null)]
    public async Task Only_slacks_own_addresses_are_taken(string? url)
    {
        var answer = await owner.Http.PutAsJsonAsync(Here, new { url });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"url\"");
    }

    [Fact]
    public async Task Slacks_own_address_is_taken_and_can_be_removed()
    {
        (await owner.Http.PutAsJsonAsync(Here, new { url = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await owner.Http.DeleteAsync(Here)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await owner.Http.DeleteAsync(Here)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<Guid> AskAsync(string node = "approval")
    {
        var id = Guid.CreateVersion7();
        var write = house.App.Services.GetRequiredService<IApprovals>().Open(new(id, new(owner.WorkspaceId, campaign.Id), campaign.InstanceId, node, TimeSpan.FromDays(7), [], null));
        using var scope = DatabaseScope.Work(owner.WorkspaceId);
        await using (var connection = await house.Db.DataSource.OpenConnectionAsync(CancellationToken.None))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await ((SqlWrite)write).ExecuteAsync(connection, CancellationToken.None);
            await transaction.CommitAsync();
        }
        write.Committed();
        return id;
    }

    /// <summary>Waits for the notice's job, and answers how it ended.</summary>
    private async Task<string> EndAsync(Guid approval) =>
        await house.EndAsync(await house.Db.ScalarAsync<Guid>("select batch_id from jobs where kind = 'slack.notify' and payload ->> 'approvalId' = $1", approval.ToString()));
}
