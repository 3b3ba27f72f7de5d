using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Push;

[Collection<ReachingStages>]
public sealed class CrmSyncJobTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "crm.sync";

    private protected override FaultTarget Target => new("hubspot", Contains: "\"Lead2@example.com\"");

    private protected override string Before => "Pushed";

    private protected override string Done => "Synced";

    private protected override string Lost => "Pushed Not synced to HubSpot: hubspot *";

    /// <summary>Two parts: the second holds lead 101 alone.</summary>
    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.CampaignAsync(101, "Pushed");

    [Fact]
    public async Task A_part_that_is_synced_is_not_written_again_for_another_ones_retry()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(500), times: 2));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(3);
        (await Sandbox.CallsAsync("hubspot")).Count.ShouldBe(4);
        (await Sandbox.WritesAsync("hubspot")).ShouldAllBe(write => write.Count == 1);
    }
}
