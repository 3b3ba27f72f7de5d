using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>What an operator sees of failed jobs and dead letters, and can do about them.</summary>
public sealed class OperationsApiTests
{
    [Fact]
    public async Task A_failed_job_says_why_and_is_done_when_it_is_retried()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await sandbox.FaultsAsync(new { vendor = "mistral", pathPrefix = "/", contains = "lead_score", mode = "status", status = 400, rate = 1.0, times = 2 });
        var campaign = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(campaign, "AwaitingApproval");

        var failed = await JobsAsync(run.Http, "Failed");
        failed.Count.ShouldBe(2);
        failed.ShouldAllBe(job => job.GetProperty("kind").GetString() == "lead.score" && job.GetProperty("failure").GetString()!.Contains("mistral", StringComparison.OrdinalIgnoreCase));
        var id = failed[0].GetProperty("id").GetGuid();
        var lead = failed[0].GetProperty("leadId").GetGuid();
        (await run.Http.PostAsync($"/api/jobs/{id}/retry", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await run.Http.PostAsync($"/api/jobs/{id}/retry", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await Eventually.Be(async () => await app.Database.ScalarAsync<bool>("select score is not null from leads where id = $1", lead));

        var done = (await JobsAsync(run.Http, "Completed"))[0].GetProperty("id").GetGuid();
        (await run.Http.PostAsync($"/api/jobs/{done}/retry", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await run.Http.PostAsync($"/api/jobs/{Guid.CreateVersion7()}/retry", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Lists_of_jobs_go_on_where_the_page_ended()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await run.UntilAsync(await run.StartAsync(CampaignRun.Request(limit: 10)), "AwaitingApproval");
        var all = await app.Database.ScalarAsync<long>("select count(*) from jobs");
        var (seen, cursor) = (new HashSet<Guid>(), "");
        do
        {
            var page = await run.Http.GetFromJsonAsync<JsonElement>($"/api/jobs?limit=7&cursor={cursor}");
            foreach (var job in page.GetProperty("items").EnumerateArray()) seen.Add(job.GetProperty("id").GetGuid()).ShouldBeTrue();
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        ((long)seen.Count).ShouldBe(all);
    }

    [Fact]
    public async Task A_dead_letter_is_listed_and_can_be_sent_again()
    {
        await using var app = await TestApp.StartAsync();
        using var http = app.Client();
        var id = Guid.CreateVersion7();
        await app.Database.ExecuteAsync("""
            insert into outbox_events (id, workspace_id, type, payload, status, attempts, run_after, last_error, created_at)
            select $1, workspace_id, 'LeadsSourced', '{}', 'dead_letter', 5, now(), 'refused', now() from api_keys limit 1
            """, id);
        var dead = await http.GetFromJsonAsync<JsonElement>("/api/outbox?status=dead_letter");
        dead.GetProperty("items").EnumerateArray().Single().GetProperty("lastError").GetString().ShouldBe("refused");

        (await http.PostAsync($"/api/outbox/{id}/retry", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Be(async () => await app.Database.ScalarAsync<string>("select status from outbox_events where id = $1", id) == "sent");
        (await http.PostAsync($"/api/outbox/{id}/retry", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await http.PostAsync($"/api/outbox/{Guid.CreateVersion7()}/retry", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<List<JsonElement>> JobsAsync(HttpClient http, string state) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/jobs?state={state}&limit=100")).GetProperty("items").EnumerateArray()];
}
