namespace LeadSens.Server.Tests.Sandbox;

public sealed class CampaignTests : SandboxTest
{
    private const string Api = "/instantly/api/v2";

    [Fact]
    public async Task A_campaign_is_created_as_a_draft_found_by_name_activated_and_paused()
    {
        var id = await CampaignAsync("LeadSens 7");
        await CampaignAsync("another");
        var found = (await GetAsync($"{Api}/campaigns?limit=10&search=leadsens")).Json.GetProperty("items");
        found.GetArrayLength().ShouldBe(1);
        found[0].GetProperty("status").GetInt32().ShouldBe(0);

        (await PostAsync($"{Api}/campaigns/{id}/activate", new { })).Json.GetProperty("status").GetInt32().ShouldBe(1);
        (await GetAsync($"{Api}/campaigns/{id}")).Json.GetProperty("sequences").GetArrayLength().ShouldBe(1);
        (await PostAsync($"{Api}/campaigns/{id}/pause", new { })).Json.GetProperty("status").GetInt32().ShouldBe(2);
        (await Sandbox.WritesAsync("instantly", "campaign.activated")).ShouldHaveSingleItem().Key.ShouldBe(id);
        (await PostAsync($"{Api}/campaigns/{Guid.CreateVersion7()}/activate", new { })).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_time_zone_that_the_vendor_does_not_know_is_refused()
    {
        var answer = await PostAsync($"{Api}/campaigns", CampaignBody("c", "Europe/Paris"));
        (answer.Status, answer.Json.GetProperty("message").GetString()!.Contains("timezone")).ShouldBe((400, true));
    }

    [Fact]
    public async Task A_bulk_succeeds_in_parts_and_says_which()
    {
        var id = await CampaignAsync();
        await AddAsync(id, "old@acme.com");
        var answer = (await AddAsync(id, "new@acme.com", "OLD@acme.com", "new@acme.com", "no address", "x@blocked.example", "")).Json;

        answer.GetProperty("total_sent").GetInt32().ShouldBe(6);
        answer.GetProperty("leads_uploaded").GetInt32().ShouldBe(1);
        answer.GetProperty("skipped_count").GetInt32().ShouldBe(1);
        answer.GetProperty("duplicate_email_count").GetInt32().ShouldBe(1);
        answer.GetProperty("invalid_email_count").GetInt32().ShouldBe(1);
        answer.GetProperty("in_blocklist").GetInt32().ShouldBe(1);
        answer.GetProperty("incomplete_count").GetInt32().ShouldBe(1);
        answer.GetProperty("created_leads")[0].GetProperty("index").GetInt32().ShouldBe(0);
        answer.GetProperty("created_leads")[0].GetProperty("email").GetString().ShouldBe("new@acme.com");
    }

    [Fact]
    public async Task Every_page_has_a_cursor_and_the_last_one_is_empty()
    {
        var id = await CampaignAsync();
        await AddAsync(id, [.. Enumerable.Range(0, 250).Select(i => $"p{i}@acme.com")]);
        var leads = await LeadsAsync(new { campaign = id });
        leads.Select(lead => lead.GetProperty("email").GetString()).ShouldBe(Enumerable.Range(0, 250).Select(i => $"p{i}@acme.com"));
        (await Sandbox.CallsAsync("instantly", "leads/list")).Count.ShouldBe(4);
        (await LeadsAsync(new { campaign = id, search = "p77@acme.com" })).ShouldHaveSingleItem();
        (await PostAsync($"{Api}/leads/list", new { campaign = id, limit = 101 })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task More_than_a_thousand_leads_or_no_single_target_is_refused()
    {
        var id = await CampaignAsync();
        (await AddAsync(id, [.. Enumerable.Range(0, 1001).Select(i => $"p{i}@acme.com")])).Status.ShouldBe(400);
        (await PostAsync($"{Api}/leads/add", new { leads = new[] { new { email = "a@b.co" } } })).Status.ShouldBe(400);
        (await AddAsync(Guid.CreateVersion7().ToString(), "a@b.co")).Status.ShouldBe(404);
        (await Sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_adds_of_one_address_at_once_create_it_once()
    {
        var id = await CampaignAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(id, "one@acme.com")));
        (await Sandbox.WritesAsync("instantly", "lead.created")).ShouldHaveSingleItem().Count.ShouldBe(1);
    }
}
