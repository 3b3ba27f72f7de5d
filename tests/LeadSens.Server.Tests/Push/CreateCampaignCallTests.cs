using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Push;

/// <summary>Creating the campaign at the provider goes wrong.</summary>
[Collection<ReachingStages>]
public sealed class CreateCampaignCallTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "campaign.push";

    private protected override FaultTarget Target => new("instantly", "/api/v2/campaigns", "campaign_schedule");

    private protected override bool MustNotRepeat => true;

    private protected override string Before => "Approved";

    private protected override string Done => "Pushed";

    private protected override string Lost => "Approved";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.ApprovedAsync(3);

    [Fact]
    public async Task A_campaign_that_the_provider_refuses_fails_the_push_before_a_lead_leaves()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(400), times: null));

        (await App.EndBatchAsync(await OpenAsync(campaign))).ShouldBe("1 0 0 1 0");

        (await CallsAsync()).ShouldBe(1);
        (await Sandbox.WritesAsync()).ShouldBeEmpty();
        (await StateAsync(campaign)).ShouldBe("Approved");
    }
}
