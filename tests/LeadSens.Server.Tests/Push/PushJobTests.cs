using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Push;

/// <summary>Adding the leads goes wrong.</summary>
[Collection<ReachingStages>]
public sealed class PushJobTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "campaign.push";

    private protected override FaultTarget Target => new("instantly", "/api/v2/leads/add");

    private protected override bool MustNotRepeat => true;

    private protected override string Before => "Approved";

    private protected override string Done => "Pushed";

    private protected override string Lost => "Approved";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.ApprovedAsync(3);

    [Fact]
    public async Task A_chunk_that_is_pushed_is_not_sent_again_for_the_next_ones_retry()
    {
        var campaign = await Stage.ApprovedAsync(1_010);
        await Sandbox.FaultsAsync(new FaultTarget("instantly", "/api/v2/leads/add", "Lead1005@example.com").With(BadAnswer.Of(500), times: 2));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(4);
        var writes = await Sandbox.WritesAsync("instantly", "lead.created");
        writes.Count.ShouldBe(1_010);
        writes.ShouldAllBe(write => write.Count == 1);
        (await Sandbox.WritesAsync("instantly", "campaign.created")).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(BadAnswer.Passing), MemberType = typeof(BadAnswer))]
    public async Task A_read_back_that_goes_wrong_is_read_again_and_nothing_is_sent_again(string fault)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(new FaultTarget("instantly", "/api/v2/leads/list").With(BadAnswer.Named(fault), times: 2));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(1);
        (await Db.ScalarAsync<long>("select count(*) from receipts where campaign_id = $1 and kind = 'lead.add'", campaign.Id)).ShouldBe(3);
    }
}
