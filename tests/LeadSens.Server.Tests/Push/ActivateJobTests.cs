using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Push;

[Collection<ReachingStages>]
public sealed class ActivateJobTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "campaign.activate";

    private protected override FaultTarget Target => new("instantly", "/api/v2/campaigns/", "/activate");

    private protected override bool MustNotRepeat => true;

    private protected override string Before => "Pushed, 0 receipts";

    private protected override string Done => "Pushed, 1 receipts";

    private protected override string Lost => "Pushed, 0 receipts";

    private protected override async Task<ReviewedCampaign> ArrangeAsync()
    {
        var campaign = await Stage.ApprovedAsync(2);
        (await App.EndBatchAsync(await App.OpenBatchAsync(campaign, "campaign.push"))).ShouldBe("1 1 0 0 0");
        return campaign;
    }

    private protected override Task<string?> StateAsync(ReviewedCampaign campaign) => Db.ScalarAsync<string>("""
        select status || ', ' || (select count(*) from receipts where campaign_id = $1 and kind = 'campaign.activate') || ' receipts'
        from leads where campaign_id = $1 and last_name = '2'
        """, campaign.Id);

    [Fact]
    public async Task A_campaign_that_is_active_is_not_activated_again()
    {
        var campaign = await ArrangeAsync();
        await EndsWellAsync(campaign, await OpenAsync(campaign));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(1);
    }
}
