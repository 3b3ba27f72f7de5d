using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Discovery;

/// <summary>The leads are bought, reading them goes wrong.</summary>
[Collection<FindingStages>]
public sealed class ListReaderTests(StageApp stage) : StageFaults(stage)
{
    private const string Prefix = "/api/v2/leads/list";

    private protected override string Kind => "campaign.source";

    private protected override FaultTarget Target => new("instantly", Prefix, Contains: "starting_after");

    private protected override int Calls => 3;

    private protected override string Before => "0 leads, 0 receipts";

    private protected override string Waiting => "100 leads, 1 receipts";

    private protected override string Done => "250 leads, 1 receipts";

    private protected override string Lost => "100 leads, 1 receipts";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.SearchAsync(limit: 250);

    private protected override Task<string?> StateAsync(ReviewedCampaign campaign) => SourceHandlerTests.SourcedAsync(Db, campaign);

    [Fact]
    public async Task Pages_that_are_stored_are_not_read_again_and_nothing_is_bought_again()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(500), times: 2));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        var pages = await new FaultTarget("instantly", Prefix).CallsAsync(Sandbox);
        pages.Where(page => page.Status == 200).Select(page => page.Body).ShouldBeUnique();
        pages.Count(page => !page.Body.Contains("starting_after", StringComparison.Ordinal)).ShouldBe(1, "the first page is stored");
        (await Sandbox.WritesAsync("instantly", "credits.spent")).ShouldHaveSingleItem().Count.ShouldBe(1);
        (await Sandbox.CallsAsync("instantly", "/api/v2/supersearch-enrichment/enrich")).Count.ShouldBe(1);
    }
}
