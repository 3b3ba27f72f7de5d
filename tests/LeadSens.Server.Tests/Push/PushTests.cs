using System.Text.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Push;

public sealed class PushTests : IAsyncLifetime
{
    private PushApp push = null!;

    public async ValueTask InitializeAsync() => push = await PushApp.StartAsync();

    public ValueTask DisposeAsync() => push.DisposeAsync();

    [Fact]
    public async Task Every_approved_lead_is_pushed_once_with_the_approved_text()
    {
        var campaign = await push.ApprovedAsync(230);

        (await push.RunAsync(campaign, "campaign.push")).ShouldContain("\"pushed\": 230");

        (await push.CreatedAsync()).ShouldBe((230, 1));
        (await campaign.StatusesAsync()).ShouldBe(["Pushed"]);
        await push.ProveAsync(campaign, 230);
        var added = (await push.Sandbox.CallsAsync("instantly", "/api/v2/leads/add")).ShouldHaveSingleItem();
        using var body = JsonDocument.Parse(added.Body);
        body.RootElement.GetProperty("leads")[0].GetProperty("custom_variables").GetProperty("body_2").GetString().ShouldBe("Hello there,\n\nmail <b>2</b>");
        body.RootElement.GetProperty("skip_if_in_campaign").GetBoolean().ShouldBeTrue();
        (await push.Sandbox.WritesAsync("instantly", "campaign.created")).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pushing_again_pushes_nothing()
    {
        var campaign = await push.ApprovedAsync(5);
        await push.RunAsync(campaign, "campaign.push");

        await push.RunAsync(campaign, "campaign.push");

        (await push.CreatedAsync()).ShouldBe((5, 1));
        await push.ProveAsync(campaign, 5);
    }

    [Fact]
    public async Task More_leads_than_one_request_takes_go_in_several()
    {
        var campaign = await push.ApprovedAsync(2_100);

        await push.RunAsync(campaign, "campaign.push");

        (await push.Sandbox.CallsAsync("instantly", "/api/v2/leads/add")).Count.ShouldBe(3);
        (await push.CreatedAsync()).ShouldBe((2_100, 1));
        await push.ProveAsync(campaign, 2_100);
    }

    [Theory]
    [InlineData("acceptThenDrop", 0)]
    [InlineData("acceptLate", 300)]
    [InlineData("status", 0)]
    [InlineData("reset", 0)]
    public async Task A_lost_answer_is_looked_up_and_nothing_is_added_twice(string mode, int delayMs)
    {
        var campaign = await push.ApprovedAsync(20);
        await push.Sandbox.FaultsAsync(
            new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode, status = 500, delayMs, times = 2 },
            new { vendor = "instantly", pathPrefix = "/api/v2/campaigns", mode, status = 500, delayMs, times = 1 },
            new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode = "ignoreSkipFlags" });

        (await push.RunAsync(campaign, "campaign.push")).ShouldContain("\"pushed\": 20");

        (await push.CreatedAsync()).ShouldBe((20, 1));
        (await push.Sandbox.WritesAsync("instantly", "campaign.created")).ShouldHaveSingleItem().Count.ShouldBe(1);
        await push.ProveAsync(campaign, 20);
    }

    [Fact]
    public async Task A_list_that_lags_is_read_again_instead_of_written_again()
    {
        var campaign = await push.ApprovedAsync(10);
        await push.Sandbox.FaultsAsync(
            new { vendor = "instantly", mode = "readLag", delayMs = 300 },
            new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode = "ignoreSkipFlags" });

        (await push.RunAsync(campaign, "campaign.push")).ShouldContain("\"pushed\": 10");

        (await push.CreatedAsync()).ShouldBe((10, 1));
        await push.ProveAsync(campaign, 10);
    }

    [Fact]
    public async Task What_the_provider_refuses_is_refused_with_its_reason()
    {
        var campaign = await push.ApprovedAsync(4);
        await push.Db.ExecuteAsync("delete from leads where campaign_id = $1 and last_name > '2'", campaign.Id);
        var blocked = await push.ApprovedAsync(1, "blocked.example");
        await push.Db.ExecuteAsync("with moved as (update drafts set campaign_id = $1 where campaign_id = $2) update leads set campaign_id = $1, source_id = 'blocked' where campaign_id = $2", campaign.Id, blocked.Id);

        (await push.RunAsync(campaign, "campaign.push")).ShouldContain("\"refused\": 1");

        (await campaign.CountAsync("Pushed")).ShouldBe(2);
        (await push.Db.ScalarAsync<string>("select failure from leads where campaign_id = $1 and status = 'Failed'", campaign.Id)).ShouldBe("Instantly left it out: on its blocklist.");
        await push.ProveAsync(campaign, 2);
    }

    [Fact]
    public async Task Leads_that_changed_between_approval_and_push_are_refused()
    {
        var campaign = await push.ApprovedAsync(6);
        var leads = await campaign.LeadsAsync();
        var other = await push.ApprovedAsync(1, "other.example");
        await push.RunAsync(other, "campaign.push");
        await push.Db.ExecuteAsync("update drafts set body = body || '!' where lead_id = $1 and step = 3", leads[0]);
        await push.Db.ExecuteAsync("update leads set verification_status = 'NotVerified' where id = $1", leads[1]);
        await push.Db.ExecuteAsync("insert into suppressions (id, workspace_id, kind, value, created_at) select $1, workspace_id, 'address', email_key, now() from leads where id = $2", Guid.CreateVersion7(), leads[2]);
        await push.Db.ExecuteAsync("update leads set email_key = 'lead1@other.example' where id = $1", leads[3]);
        await push.Db.ExecuteAsync("update leads set email = 'elsewhere@example.com', email_key = 'elsewhere@example.com' where id = $1", leads[4]);

        (await push.RunAsync(campaign, "campaign.push")).ShouldContain("\"refused\": 5");

        (await push.Db.ListAsync<string>("select failure from leads where campaign_id = $1 and status in ('Failed', 'Suppressed') order by id", campaign.Id)).ShouldBe([
            "Its mails or its address changed after the approval.", "Its e-mail address is not verified.", "It is on the suppression list.",
            "The same address was pushed already.", "Its mails or its address changed after the approval."]);
        (await campaign.CountAsync("Suppressed")).ShouldBe(1);
        (await campaign.CountAsync("Pushed")).ShouldBe(1);
        await push.ProveAsync(campaign, 1);
    }

    [Fact]
    public async Task One_lead_that_the_provider_cannot_read_does_not_hold_up_the_others()
    {
        var campaign = await push.ApprovedAsync(9);
        await push.Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode = "status", status = 400, contains = "Lead5@example.com" });

        (await push.RunAsync(campaign, "campaign.push")).ShouldContain("\"refused\": 1");

        (await push.CreatedAsync()).ShouldBe((8, 1));
        await push.ProveAsync(campaign, 8);
    }

    [Fact]
    public async Task A_cancelled_campaign_sends_nothing_more_but_its_request_under_way_is_receipted()
    {
        var campaign = await push.ApprovedAsync(10);
        await push.Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode = "acceptThenDrop" });
        var batch = await push.BeginAsync(campaign, "campaign.push");
        await Eventually.Be(async () => (await push.CreatedAsync()).Leads == 10);
        await push.Db.ExecuteAsync("update campaigns set status = 'Cancelled' where id = $1", campaign.Id);

        await push.EndAsync(batch);

        (await push.CreatedAsync()).ShouldBe((10, 1));
        await push.ProveAsync(campaign, 10);
    }

    [Fact]
    public async Task Activation_happens_once_even_when_its_answer_is_lost()
    {
        var campaign = await push.ApprovedAsync(2);
        await push.RunAsync(campaign, "campaign.push");
        await push.Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/campaigns", contains = "/activate", mode = "acceptThenDrop", times = 1 });

        await push.RunAsync(campaign, "campaign.activate");
        await push.RunAsync(campaign, "campaign.activate");

        (await push.Sandbox.WritesAsync("instantly", "campaign.activated")).ShouldHaveSingleItem().Count.ShouldBe(1);
        (await push.Db.ScalarAsync<long>("select count(*) from receipts where campaign_id = $1 and kind = 'campaign.activate'", campaign.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Pushed_leads_become_contacts_and_a_refused_one_says_why()
    {
        var campaign = await push.ApprovedAsync(130);
        await push.RunAsync(campaign, "campaign.push");
        await push.Sandbox.FaultsAsync(new { vendor = "hubspot", pathPrefix = "/crm", mode = "status", status = 400, contains = "Lead7@example.com" });

        (await push.RunAsync(campaign, "crm.sync")).ShouldContain("\"synced\": 129");

        (await push.Sandbox.WritesAsync("hubspot", "contact.created")).Count.ShouldBe(129);
        (await campaign.CountAsync("Synced")).ShouldBe(129);
        (await push.Db.ScalarAsync<string>("select failure from leads where campaign_id = $1 and status = 'Pushed'", campaign.Id)).ShouldNotBeNull();
    }
}
