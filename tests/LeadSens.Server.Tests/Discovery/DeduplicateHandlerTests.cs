using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Discovery;

[Collection<FindingStages>]
public sealed class DeduplicateHandlerTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "lead.deduplicate";

    private protected override FaultTarget Target => new("hubspot", Contains: "\"lead2@example.com\"");

    private protected override string Before => "Sourced";

    private protected override string Done => "Sourced";

    private protected override string Lost => "Sourced Not checked against HubSpot: hubspot *";

    /// <summary>Two parts: the second holds lead 101 alone.</summary>
    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.CampaignAsync(101, "Sourced");

    [Fact]
    public async Task A_part_that_is_checked_is_not_checked_again_for_another_ones_retry()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(500), times: 2));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(3);
        (await Sandbox.CallsAsync("hubspot")).Count.ShouldBe(4);
    }
}
