using LeadSens.Server.Connections.Providers.Instantly;
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

    [Theory]
    [InlineData("/api/v2/supersearch-enrichment/")]
    [InlineData("/api/v2/leads/list")]
    public async Task What_was_bought_and_does_not_show_yet_is_waited_for(string path)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = path, mode = "readLag", delayMs = 1_000 });

        await EndsWellAsync(campaign, await OpenAsync(campaign));
    }

    [Theory]
    [InlineData("/api/v2/supersearch-enrichment/")]
    [InlineData("/api/v2/leads/list")]
    public async Task What_was_bought_and_never_shows_fails_and_is_looked_at_again_when_somebody_asks(string path)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = path, mode = "readLag", delayMs = 600_000 });
        var batch = await OpenAsync(campaign);
        await Eventually.Be(() => Db.ScalarAsync<bool>("select exists (select from receipts where campaign_id = $1)", campaign.Id));

        await Db.ShiftClockAsync(TimeSpan.FromMinutes(11));
        (await App.EndBatchAsync(batch)).ShouldBe("1 0 0 1 0");

        await Sandbox.FaultsAsync();
        await EndsWellAsync(campaign, await OpenAsync(campaign));
        (await Sandbox.WritesAsync("instantly", "credits.spent")).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_list_that_is_never_filled_is_read_as_far_as_it_is_when_its_time_is_over_and_that_is_said()
    {
        var (campaign, batch) = await FillsForEverAsync(await ArrangeAsync());
        await Db.ExecuteAsync("update campaigns set lead_limit = 100 where id = $1", campaign.Id);

        await Db.ShiftClockAsync(OverTime);
        (await App.EndBatchAsync(batch)).ShouldBe("1 1 0 0 0");

        (await StateAsync(campaign)).ShouldBe(Done);
        var result = await App.ResultAsync(batch);
        var said = (string?)result["unfilled"];
        said.ShouldNotBeNull().ShouldContain("30 of up to 100 leads were read");
        ((long)result["sourced"]!).ShouldBe(30);
        (await Db.ScalarAsync<string>("select failure from jobs where batch_id = $1", batch)).ShouldBe(said);
    }

    [Fact]
    public async Task A_list_that_is_never_filled_and_holds_nobody_fails_and_is_looked_at_again_when_somebody_asks()
    {
        var (campaign, batch) = await FillsForEverAsync(await ArrangeAsync(), new { vendor = "instantly", pathPrefix = "/api/v2/leads/list", mode = "readLag", delayMs = 600_000 });

        await Db.ShiftClockAsync(OverTime);
        (await App.EndBatchAsync(batch)).ShouldBe("1 0 0 1 0");
        (await Db.ScalarAsync<string>("select failure from batches where id = $1", batch)).ShouldNotBeNull().ShouldContain("nothing is in it yet");

        await Sandbox.FaultsAsync();
        await EndsWellAsync(campaign, await OpenAsync(campaign));
        (await Sandbox.WritesAsync("instantly", "credits.spent")).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    private static readonly TimeSpan OverTime = new InstantlyOptions().FillTime + TimeSpan.FromMinutes(1);

    /// <summary>Its leads are bought, and the provider was asked for them a few times.</summary>
    private async Task<(ReviewedCampaign Campaign, Guid Batch)> FillsForEverAsync(ReviewedCampaign campaign, params object[] more)
    {
        await Sandbox.FaultsAsync([new { vendor = "instantly", mode = "stillFilling" }, .. more]);
        var batch = await OpenAsync(campaign);
        await Eventually.Be(async () => (await Sandbox.CallsAsync("instantly", "/api/v2/supersearch-enrichment/")).Count(call => call.Method == "GET") > 3);
        return (campaign, batch);
    }
}
