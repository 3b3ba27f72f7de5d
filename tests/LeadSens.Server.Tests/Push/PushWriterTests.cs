using LeadSens.Server.Jobs;
using LeadSens.Server.Push;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Push;

public sealed class PushWriterTests : DatabaseTest
{
    private static readonly SuppressionKey Key = SuppressionKey.Of(new byte[32]);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly IntentTimes Times = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
    private static readonly ProviderAccount Account = ProviderAccount.Sandbox("instantly", "http://127.0.0.1:9");

    [Fact]
    public async Task Of_two_writers_the_older_one_can_mark_nothing()
    {
        var (campaign, older) = await WriterAsync();
        var newer = await TakeAsync(campaign);

        (await PushChunk.MarkAsync(DataSource, Target(campaign, older), Guid.Empty, 10, Key, None)).ShouldBeNull();
        (await PushChunk.MarkAsync(DataSource, Target(campaign, newer), Guid.Empty, 10, Key, None))!.Sending.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_zombie_that_marked_in_time_may_not_send_after_it_lost_its_right()
    {
        var (campaign, zombie) = await WriterAsync();
        var chunk = (await PushChunk.MarkAsync(DataSource, Target(campaign, zombie), Guid.Empty, 10, Key, None))!;

        var newer = await TakeAsync(campaign);

        (await new PushWriter(DataSource).HoldsAsync(Target(campaign, zombie), None)).ShouldBeFalse();
        (await new LeadIntents(DataSource).MarkAgainAsync(Target(campaign, zombie), chunk.Sending, None)).ShouldBeFalse();
        var open = await new LeadIntents(DataSource).OpenAsync(campaign.Id, None);
        open.Sending.ShouldBe(6);
        open.Settling.ShouldBeGreaterThan(TimeSpan.Zero, "the newer writer waits before it looks up what the zombie may have sent");
        (await PushChunk.MarkAsync(DataSource, Target(campaign, newer), Guid.Empty, 10, Key, None))!.Sending.ShouldBeEmpty();
    }

    [Fact]
    public async Task Writers_that_mark_at_once_share_no_lead()
    {
        var (campaign, fence) = await WriterAsync();
        var chunks = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PushChunk.MarkAsync(DataSource, Target(campaign, fence), Guid.Empty, 2, Key, None))));

        var marked = chunks.SelectMany(chunk => chunk!.Sending.Select(lead => lead.IntentId)).ToList();
        marked.Distinct().Count().ShouldBe(marked.Count);
    }

    [Fact]
    public async Task A_job_without_its_claim_takes_no_right()
    {
        var (campaign, _) = await WriterAsync();
        var job = await JobAsync(campaign);

        (await new PushWriter(DataSource).TakeAsync(job with { ClaimToken = Guid.CreateVersion7() }, None)).ShouldBe(0);
    }

    [Fact]
    public async Task A_paused_campaign_marks_nothing()
    {
        var (campaign, fence) = await WriterAsync();
        await Db.ExecuteAsync("update campaigns set status = 'Paused' where id = $1", campaign.Id);

        (await PushChunk.MarkAsync(DataSource, Target(campaign, fence), Guid.Empty, 10, Key, None)).ShouldBeNull();
    }

    private async Task<(ReviewedCampaign Campaign, long Fence)> WriterAsync()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 6);
        await campaign.ApprovedAsync();
        return (campaign, await TakeAsync(campaign));
    }

    private async Task<long> TakeAsync(ReviewedCampaign campaign) => await new PushWriter(DataSource).TakeAsync(await JobAsync(campaign), None);

    private async Task<ClaimedJob> JobAsync(ReviewedCampaign campaign)
    {
        var job = new ClaimedJob(Guid.CreateVersion7(), Guid.CreateVersion7(), campaign.WorkspaceId, campaign.Id, null, 1, Guid.CreateVersion7(), default, default, default);
        await Db.ExecuteAsync("""
            insert into jobs (id, batch_id, seq, workspace_id, campaign_id, kind, state, run_after, claim_token) values ($1, $2, 1, $3, $4, 'campaign.push', 'Running', now(), $5)
            """, job.Id, job.BatchId, job.WorkspaceId, job.CampaignId, job.ClaimToken);
        return job;
    }

    private static PushTarget Target(ReviewedCampaign campaign, long fence) => new(campaign.WorkspaceId, campaign.Id, Account, "provider-campaign", fence, Times);
}
