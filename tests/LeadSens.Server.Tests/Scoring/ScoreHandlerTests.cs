using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Scoring;

[Collection<FindingStages>]
public sealed class ScoreHandlerTests(StageApp stage) : ModelStageFaults(stage)
{
    private protected override string Kind => "lead.score";

    private protected override FaultTarget Target => new("mistral", Contains: "Acme-2");

    private protected override string Before => "Sourced";

    private protected override string Done => "Scored";

    private protected override string Lost => "Failed mistral *";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.CampaignAsync(3, "Sourced");

    [Fact]
    public async Task Leads_that_are_scored_are_not_asked_for_again_when_another_one_is_retried()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(500), times: 3));

        await EndsWellAsync(campaign, await OpenAsync(campaign));
        (await App.EndBatchAsync(await OpenAsync(campaign))).ShouldBe("0 0 0 0 0");

        (await CallsAsync()).ShouldBe(4);
        (await Sandbox.CallsAsync("mistral")).Count.ShouldBe(6);
    }
}
