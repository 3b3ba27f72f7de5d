using System.Net;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class PauseInEveryStageTests
{
    [Fact]
    public async Task A_campaign_that_is_paused_in_every_stage_ends_like_one_that_was_not()
    {
        var untouched = await EndAsync(pause: false);

        (await EndAsync(pause: true)).ShouldBe(untouched);
    }

    /// <summary>Runs a campaign to its end and answers its figures and what it wrote at the providers.</summary>
    private static async Task<string> EndAsync(bool pause)
    {
        await using var stage = new StageApp();
        await stage.InitializeAsync();
        using var run = new CampaignRun(stage.App);
        if (pause) await stage.Sandbox.FaultsAsync([.. StagePoint.All.Select(point => point.Fault)]);

        var id = await run.StartAsync(CampaignRun.Request(limit: 12));
        foreach (var point in StagePoint.All.Where(point => pause && !point.IsAfterApproval)) await PauseAsync(stage, run, id, point);
        if (pause) await DecideWhilePausedAsync(stage, run, id);
        else await run.DecideAsync(id);
        foreach (var point in StagePoint.All.Where(point => pause && point.IsAfterApproval)) await PauseAsync(stage, run, id, point);

        var view = await run.UntilAsync(id, "Completed");
        view.GetProperty("leads").GetProperty("synced").GetInt64().ShouldBeGreaterThan(0);
        var writes = (await stage.Sandbox.WritesAsync()).Where(write => write.Kind != "credits.spent").Select(write => $"{write.Kind} {write.Count}").Order();
        return $"{view.GetProperty("leads")} {view.GetProperty("pushes")} {string.Join(',', writes)}";
    }

    private static async Task PauseAsync(StageApp stage, CampaignRun run, Guid id, StagePoint point)
    {
        await point.ReachedAsync(stage.Db, id);
        await PostAsync(run, id, "pause");
        await NothingHappensAsync(stage, point.Kind);
        (await run.GetAsync(id)).GetProperty("status").GetString().ShouldBe("Paused", point.Kind);
        await PostAsync(run, id, "resume");
    }

    private static async Task DecideWhilePausedAsync(StageApp stage, CampaignRun run, Guid id)
    {
        await run.UntilAsync(id, "AwaitingApproval");
        var approval = await stage.Db.ScalarAsync<Guid>("select id from approvals where campaign_id = $1", id);
        await PostAsync(run, id, "pause");
        await run.DecideOnAsync(approval);
        await NothingHappensAsync(stage, "approval");
        (await run.GetAsync(id)).GetProperty("status").GetString().ShouldBe("Paused");
        await PostAsync(run, id, "resume");
    }

    /// <summary>Everything is due, and the workers have looked: they counted for a neighbour. The only call is that one.</summary>
    private static async Task NothingHappensAsync(StageApp stage, string where)
    {
        var before = (await stage.Sandbox.CallsAsync()).Count;
        await stage.Db.ShiftClockAsync(StagePoint.Over);
        (await stage.App.EndBatchAsync(await stage.App.OpenBatchAsync(await stage.SearchAsync(limit: 10), "campaign.count"))).ShouldBe("1 1 0 0 0");
        ((await stage.Sandbox.CallsAsync()).Count - before).ShouldBe(1, where);
    }

    private static async Task PostAsync(CampaignRun run, Guid id, string verb) =>
        (await run.Http.PostAsync($"/api/campaigns/{id}/{verb}", null)).StatusCode.ShouldBe(HttpStatusCode.OK, verb);
}
