using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Enrichment;

/// <summary>The scrape goes wrong.</summary>
[Collection<FindingStages>]
public sealed class EnrichHandlerTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "lead.enrich";

    private protected override FaultTarget Target => new("jina", Contains: "acme-2");

    private protected override string Before => "Qualified";

    private protected override string Done => "Qualified Enriched";

    private protected override string Lost => "Qualified Failed jina *";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.CampaignAsync(3, "Qualified");

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(451)]
    public async Task A_site_that_may_not_be_read_is_given_up_at_once_and_costs_no_summary(int status)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(status), times: null));

        (await App.EndBatchAsync(await OpenAsync(campaign))).ShouldBe("3 2 0 1 0");

        (await StateAsync(campaign)).ShouldNotBeNull().ShouldStartWith($"Qualified Failed jina answered {status}");
        (await CallsAsync()).ShouldBe(1);
        (await Sandbox.CallsAsync("mistral")).Count.ShouldBe(2);
    }
}
