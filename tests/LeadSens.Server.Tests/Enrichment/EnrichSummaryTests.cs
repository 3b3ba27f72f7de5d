using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Enrichment;

/// <summary>The site was read, its summary goes wrong.</summary>
[Collection<FindingStages>]
public sealed class EnrichSummaryTests(StageApp stage) : ModelStageFaults(stage)
{
    private protected override string Kind => "lead.enrich";

    private protected override FaultTarget Target => new("mistral", Contains: "Acme-2");

    private protected override string Before => "Qualified";

    private protected override string Done => "Qualified Enriched";

    private protected override string Lost => "Qualified Failed mistral *";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.CampaignAsync(3, "Qualified");

    [Fact]
    public async Task A_page_that_was_read_is_not_read_again_for_the_summarys_retry()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(500), times: 2));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(3);
        (await Sandbox.CallsAsync("jina")).Count.ShouldBe(3);
    }
}
