using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Discovery;

/// <summary>The purchase goes wrong.</summary>
[Collection<FindingStages>]
public sealed class SourceHandlerTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "campaign.source";

    private protected override FaultTarget Target => new("instantly", "/api/v2/supersearch-enrichment/enrich");

    private protected override bool MustNotRepeat => true;

    private protected override string Before => "0 leads, 0 receipts";

    private protected override string Done => "30 leads, 1 receipts";

    private protected override string Lost => "0 leads, 0 receipts";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.SearchAsync(limit: 30);

    private protected override Task<string?> StateAsync(ReviewedCampaign campaign) => SourcedAsync(Db, campaign);

    internal static Task<string?> SourcedAsync(TestDatabase db, ReviewedCampaign campaign) => db.ScalarAsync<string>("""
        select (select count(*) from leads where campaign_id = $1) || ' leads, ' || (select count(*) from receipts where campaign_id = $1 and kind = 'credits.spend') || ' receipts'
        """, campaign.Id);

    [Theory]
    [InlineData("acceptThenDrop", null)]
    [InlineData("malformed", "html")]
    [InlineData("malformed", "empty")]
    public async Task Credits_are_spent_once_when_no_answer_ever_says_so(string mode, string? variant)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(new(mode, variant), times: null));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await Sandbox.WritesAsync("instantly", "credits.spent")).ShouldHaveSingleItem().Count.ShouldBe(1);
    }
}
