using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class SteerCampaignTests
{
    [Fact]
    public async Task Requested_changes_are_drafted_again_and_asked_for_again()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);

        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(id, "AwaitingApproval");
        var before = (await sandbox.CallsAsync("mistral")).Count(call => call.Body.Contains("email_step", StringComparison.Ordinal));
        await run.DecideAsync(id, "requestChanges", "Shorter, and mention the season.");
        await Eventually.Be(async () => await app.Database.ScalarAsync<long>("select count(*) from approvals where campaign_id = $1", id) == 2);
        await run.DecideAsync(id);
        var view = await run.UntilAsync(id, "Completed");

        var drafts = (await sandbox.CallsAsync("mistral")).Where(call => call.Body.Contains("email_step", StringComparison.Ordinal)).ToList();
        drafts.Count.ShouldBe(2 * before);
        drafts.Count(call => call.Body.Contains("mention the season", StringComparison.Ordinal)).ShouldBe(before);
        view.GetProperty("leads").GetProperty("pushed").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Leads_that_were_approved_are_pushed_when_the_others_cannot_be_written_again()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 20));
        await run.UntilAsync(id, "AwaitingApproval");
        var redo = await app.Database.ListAsync<Guid>("select id from leads where campaign_id = $1 and status = 'Drafted' order by id limit 2", id);
        await sandbox.FaultsAsync(new { vendor = "mistral", pathPrefix = "/", contains = "email_step", mode = "status", status = 400, rate = 1.0 });

        await run.DecideAsync(id, leads: [.. redo.Select(lead => new { leadId = lead, decision = "requestChanges", comment = "Shorter" })]);
        var view = await run.UntilAsync(id, "Completed");

        var leads = view.GetProperty("leads");
        leads.GetProperty("approved").GetInt64().ShouldBe(leads.GetProperty("drafted").GetInt64() - redo.Count);
        leads.GetProperty("pushed").GetInt64().ShouldBe(leads.GetProperty("approved").GetInt64());
        (await app.Database.ListAsync<string>("select distinct status from leads where id = any($1)", redo.ToArray())).ShouldBe(["Failed"]);
    }

    [Fact]
    public async Task A_choice_that_is_saved_and_not_made_does_not_count_as_approved()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(id, "AwaitingApproval");

        await app.Database.ExecuteAsync("update approval_leads set decision = 'approve'");
        (await run.GetAsync(id)).GetProperty("leads").GetProperty("approved").GetInt64().ShouldBe(0);
        await run.DecideAsync(id, "reject");
        (await run.UntilAsync(id, "Completed")).GetProperty("leads").GetProperty("approved").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_rejected_campaign_ends_without_a_push()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);

        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.DecideAsync(id, "reject");
        var view = await run.UntilAsync(id, "Completed");

        view.GetProperty("leads").GetProperty("rejected").GetInt64().ShouldBe(view.GetProperty("leads").GetProperty("drafted").GetInt64());
        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_paused_campaign_takes_its_decision_after_it_was_resumed()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);

        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(id, "AwaitingApproval");
        (await run.Http.PostAsync($"/api/campaigns/{id}/pause", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await run.GetAsync(id)).GetProperty("status").GetString().ShouldBe("Paused");
        (await run.Http.PostAsync($"/api/campaigns/{id}/pause", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await run.Http.PostAsync($"/api/campaigns/{id}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await run.DecideAsync(id);

        await run.UntilAsync(id, "Completed");
    }

    [Fact]
    public async Task A_cancelled_campaign_voids_its_approval_and_stays_cancelled()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);

        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(id, "AwaitingApproval");
        (await run.Http.PostAsync($"/api/campaigns/{id}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await run.GetAsync(id)).GetProperty("status").GetString().ShouldBe("Cancelled");
        (await app.Database.ScalarAsync<string>("select status from approvals where campaign_id = $1", id)).ShouldBe("cancelled");
        (await run.Http.PostAsync($"/api/campaigns/{id}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelling_the_run_itself_ends_its_campaign_and_voids_its_approval()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);

        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        var instance = (await run.UntilAsync(id, "AwaitingApproval")).GetProperty("workflowInstanceId").GetGuid();
        (await run.Http.PostAsync($"/elsa/api/cancel/workflow-instances/{instance}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await run.GetAsync(id)).GetProperty("status").GetString().ShouldBe("Cancelled");
        (await app.Database.ScalarAsync<string>("select status from approvals where campaign_id = $1", id)).ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_refused_search_faults_the_campaign_and_resuming_goes_on_from_that_box()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/supersearch-enrichment/count", mode = "status", status = 400, rate = 1.0 });

        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        (await run.UntilAsync(id, "Faulted")).GetProperty("fault").GetString()!.ShouldContain("count");
        await sandbox.FaultsAsync();
        (await run.Http.PostAsync($"/api/campaigns/{id}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await run.DecideAsync(id);
        await run.UntilAsync(id, "Completed");
    }

    [Fact]
    public async Task A_campaign_that_is_resumed_while_its_run_is_held_goes_on_when_it_is_free()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/supersearch-enrichment/count", mode = "status", status = 400, rate = 1.0 });
        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        var instance = (await run.UntilAsync(id, "Faulted")).GetProperty("workflowInstanceId").GetGuid();
        await sandbox.FaultsAsync();

        // As a node leaves it that died between taking the run for a retry and scheduling its box.
        await app.Database.ExecuteAsync(
            "update workflow_instances set claim_token = gen_random_uuid(), lease_node = gen_random_uuid(), lease_until = clock_now() + interval '1 hour' where id = $1", instance);
        (await run.Http.PostAsync($"/api/campaigns/{id}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Database.ScalarAsync<string>("select run_wish from campaigns where id = $1", id)).ShouldBe("retry");
        await app.Database.ExecuteAsync("update workflow_instances set claim_token = null, lease_node = null, lease_until = null where id = $1", instance);

        await run.UntilAsync(id, "AwaitingApproval");
        (await app.Database.ScalarAsync<string>("select run_wish from campaigns where id = $1", id)).ShouldBeNull();
    }

    [Fact]
    public async Task Unreadable_sites_hold_nobody_up()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await sandbox.FaultsAsync(new { vendor = "jina", pathPrefix = "/", mode = "status", status = 422, rate = 1.0 });

        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        var leads = (await run.UntilAsync(id, "AwaitingApproval")).GetProperty("leads");

        leads.GetProperty("enriched").GetInt64().ShouldBe(0);
        leads.GetProperty("drafted").GetInt64().ShouldBe(leads.GetProperty("verified").GetInt64());
        (await app.Database.ListAsync<string>("select distinct enrichment_status from leads where campaign_id = $1 and drafted_at is not null", id)).ShouldBe(["Failed"]);
    }

    [Fact]
    public async Task Funnel_exclusions_leads_and_forecast_agree_with_the_campaign()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);

        var id = await run.StartAsync(CampaignRun.Request(limit: 20));
        var leads = (await run.UntilAsync(id, "AwaitingApproval")).GetProperty("leads");

        var funnel = await run.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{id}/funnel");
        funnel.GetProperty("stages").EnumerateArray().Single(stage => stage.GetProperty("stage").GetString() == "drafted").GetProperty("leads").GetInt64()
            .ShouldBe(leads.GetProperty("drafted").GetInt64());
        var exclusions = await run.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{id}/exclusions?limit=100");
        exclusions.GetProperty("items").GetArrayLength().ShouldBe(20 - leads.GetProperty("drafted").GetInt32());
        exclusions.GetProperty("items").EnumerateArray().ShouldAllBe(lead => lead.GetProperty("reason").GetString()!.Length > 10);
        var drafted = await run.Http.GetFromJsonAsync<JsonElement>($"/api/leads?campaignId={id}&status=Drafted&minScore=5&limit=1");
        var lead = await run.Http.GetFromJsonAsync<JsonElement>($"/api/leads/{drafted.GetProperty("items")[0].GetProperty("id").GetGuid()}");
        lead.GetProperty("drafts").GetArrayLength().ShouldBe(3);
        lead.GetProperty("score").GetProperty("breakdown").GetProperty("jobTitleFit").GetInt32().ShouldBeInRange(1, 10);
        lead.GetProperty("provenance").GetProperty("originalSource").GetString().ShouldBe("instantly");
        var forecast = await run.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{id}/forecast");
        forecast.GetProperty("credits").GetInt64().ShouldBe(20);
    }

    [Fact]
    public async Task Suppressed_addresses_and_known_leads_are_set_aside()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);

        var first = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(first, "AwaitingApproval");
        var skipped = await app.Database.ScalarAsync<string>("select email_key from leads where campaign_id = $1 and status = 'Skipped' limit 1", first);
        (await run.Http.PostAsJsonAsync("/api/suppressions", new { value = skipped })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var second = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(second, "AwaitingApproval", "Completed");

        (await app.Database.ScalarAsync<string>("select status from leads where campaign_id = $1 and email_key = $2", second, skipped)).ShouldBe("Suppressed");
        (await app.Database.ScalarAsync<long>("""
            select count(*) from leads a join leads b on b.email_key = a.email_key and b.campaign_id = $2
            where a.campaign_id = $1 and a.status = 'Drafted' and b.status <> 'Duplicate'
            """, first, second)).ShouldBe(0);
    }
}
