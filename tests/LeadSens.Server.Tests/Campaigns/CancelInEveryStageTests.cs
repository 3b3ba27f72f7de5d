using System.Net;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class CancelInEveryStageTests(StageApp stage) : IClassFixture<StageApp>
{
    private static int seed = 100;

    [Theory, MemberData(nameof(StagePoint.Kinds), MemberType = typeof(StagePoint))]
    public async Task A_campaign_that_is_cancelled_calls_nobody_any_more(string kind)
    {
        var point = StagePoint.Of(kind);
        using var run = new CampaignRun(stage.App);
        var id = await StartAsync(run, point, point.Fault);
        await point.ReachedAsync(stage.Db, id);
        var (calls, writes) = (await CallsAsync(point), await stage.Sandbox.WritesAsync());

        await CancelAsync(run, id);
        await DueAsync(id);

        (await CallsAsync(point)).ShouldBe(calls);
        (await stage.Sandbox.WritesAsync()).ShouldBe(writes, ignoreOrder: true);
        await EndedAsync(run, id);
    }

    [Theory]
    [InlineData("campaign.source", "credits.spend", "credits.spent")]
    [InlineData("campaign.push", "lead.add", "lead.created")]
    [InlineData("campaign.activate", "campaign.activate", "campaign.activated")]
    public async Task What_took_effect_before_the_cancel_is_found_and_has_its_receipt(string kind, string receipt, string write)
    {
        var point = StagePoint.Of(kind);
        using var run = new CampaignRun(stage.App);
        var id = await StartAsync(run, point, point.Target.With(new("acceptThenDrop"), times: 1));
        await Eventually.Be(async () => (await stage.Sandbox.WritesAsync("instantly", write)).Count > 0);

        await CancelAsync(run, id);
        await DueAsync(id);

        var written = await stage.Sandbox.WritesAsync("instantly", write);
        written.ShouldAllBe(one => one.Count == 1);
        (await stage.Db.ScalarAsync<long>("select count(*) from receipts where campaign_id = $1 and kind = $2", id, receipt)).ShouldBe(written.Count);
        await EndedAsync(run, id);
    }

    [Fact]
    public async Task A_list_that_the_provider_never_fills_is_asked_about_no_more()
    {
        using var run = new CampaignRun(stage.App);
        var id = await StartAsync(run, StagePoint.Of("campaign.source"), new { vendor = "instantly", mode = "stillFilling" });
        await Eventually.Be(async () => await PollsAsync() > 3);

        await CancelAsync(run, id);
        await DueAsync(id);

        await EndedAsync(run, id);
        (await stage.Db.ScalarAsync<string>("select state from jobs where campaign_id = $1 and kind = 'campaign.source'", id)).ShouldBe("Skipped");
        (await stage.Db.ScalarAsync<long>("select count(*) from receipts where campaign_id = $1 and kind = 'credits.spend'", id)).ShouldBe(1);

        async Task<int> PollsAsync() => (await stage.Sandbox.CallsAsync("instantly", "/api/v2/supersearch-enrichment/")).Count(call => call.Method == "GET");
    }

    /// <summary>Other people than the cases before found: those whom one of them wrote to would be duplicates.</summary>
    private async Task<Guid> StartAsync(CampaignRun run, StagePoint point, object fault)
    {
        await stage.Sandbox.ResetAsync(Interlocked.Increment(ref seed));
        await stage.Sandbox.FaultsAsync(fault);
        var id = await run.StartAsync(CampaignRun.Request(limit: 12));
        if (point.IsAfterApproval) await run.DecideAsync(id);
        return id;
    }

    private static async Task CancelAsync(CampaignRun run, Guid id) =>
        (await run.Http.PostAsync($"/api/campaigns/{id}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

    /// <summary>All that may still be due is due, until nothing is open; then the workers count for a neighbour.</summary>
    private async Task DueAsync(Guid id)
    {
        await stage.Db.ShiftClockAsync(StagePoint.Over);
        foreach (var batch in await stage.Db.ListAsync<Guid>("select id from batches where campaign_id = $1 and is_open", id)) await stage.App.EndBatchAsync(batch);
        (await stage.App.EndBatchAsync(await stage.App.OpenBatchAsync(await stage.SearchAsync(limit: 10), "campaign.count"))).ShouldBe("1 1 0 0 0");
    }

    private async Task EndedAsync(CampaignRun run, Guid id)
    {
        (await run.GetAsync(id)).GetProperty("status").GetString().ShouldBe("Cancelled");
        (await stage.Db.ScalarAsync<string>("select sub_status from workflow_instances where correlation_id = $1", id.ToString())).ShouldBe("Cancelled");
        (await stage.Db.ScalarAsync<long>("select count(*) from batches where campaign_id = $1 and is_open", id)).ShouldBe(0);
        (await stage.Db.ScalarAsync<long>("select count(*) from jobs where campaign_id = $1 and state in ('Queued', 'Running')", id)).ShouldBe(0);
    }

    /// <summary>The stage's own calls where it still looks for what it began, else all; without the neighbour's.</summary>
    private async Task<int> CallsAsync(StagePoint point) => point.Reconciles
        ? (await point.Target.CallsAsync(stage.Sandbox)).Count
        : (await stage.Sandbox.CallsAsync()).Count(call => !call.Path.Contains("/count-leads", StringComparison.Ordinal) || call.Fault is not null);
}
