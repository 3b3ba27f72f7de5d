using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

[Collection<FindingStages>]
public sealed class EmptyStageTests(StageApp stage)
{
    [Theory]
    [InlineData("lead.deduplicate")]
    [InlineData("lead.score")]
    [InlineData("lead.enrich")]
    [InlineData("lead.draft")]
    [InlineData("campaign.push")]
    [InlineData("campaign.activate")]
    [InlineData("crm.sync")]
    public async Task A_stage_that_finds_no_lead_ends_at_once_and_calls_nobody(string kind)
    {
        await stage.ResetAsync();
        // They are verified and have everything that the stage needs, but a reviewer turned them down.
        var campaign = await stage.CampaignAsync(3, "Rejected");

        await ShouldBeEmptyAsync(await stage.App.OpenBatchAsync(campaign, kind));
    }

    [Theory]
    [InlineData("campaign.push", "Approved", "{hubspot}")]
    [InlineData("crm.sync", "Pushed", "{instantly}")]
    public async Task A_target_that_the_campaign_leaves_out_gets_nothing(string kind, string status, string targets)
    {
        await stage.ResetAsync();
        var campaign = await stage.CampaignAsync(3, status);
        await stage.Db.ExecuteAsync("update campaigns set targets = $2::text[] where id = $1", campaign.Id, targets);

        await ShouldBeEmptyAsync(await stage.App.OpenBatchAsync(campaign, kind));
    }

    private async Task ShouldBeEmptyAsync(Guid batch)
    {
        (await stage.App.CountsAsync(batch)).ShouldBe("0 0 0 0 0");
        (await stage.Db.ScalarAsync<string>("select state from batches where id = $1", batch)).ShouldBe("Completed");
        (await stage.Db.ScalarAsync<long>("select count(*) from stimuli where key = $1", $"batch:{batch}")).ShouldBe(1);
        (await stage.Sandbox.CallsAsync()).ShouldBeEmpty();
    }
}
