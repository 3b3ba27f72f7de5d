using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Drafting;

[Collection<ReachingStages>]
public sealed class DraftHandlerTests(StageApp stage) : ModelStageFaults(stage)
{
    private protected override string Kind => "lead.draft";

    private protected override FaultTarget Target => new("mistral", Contains: "Acme-2");

    private protected override int Calls => 3;

    private protected override string Before => "Qualified";

    private protected override string Done => "Drafted";

    private protected override string Lost => "Failed mistral *";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.CampaignAsync(3, "Qualified");

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task E_mails_that_are_written_are_not_written_again(int failing)
    {
        var campaign = await Stage.CampaignAsync(1, "Qualified");
        await Sandbox.FaultsAsync(Step(failing).With(BadAnswer.Of(500), times: 1));

        (await App.EndBatchAsync(await OpenAsync(campaign))).ShouldBe("1 1 0 0 0");

        for (var step = 1; step <= 3; step++)
            (await Step(step).CallsAsync(Sandbox)).Count.ShouldBe(step == failing ? 2 : 1, $"step {step}");
        (await Db.ScalarAsync<long>("select count(*) from drafts where campaign_id = $1", campaign.Id)).ShouldBe(3);
    }

    [Fact]
    public async Task An_e_mail_that_is_too_long_is_redone_once()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(new("malformed", "tooLong"), times: 1));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(Calls + 1);
        (await FlagsAsync(campaign)).ShouldBe(["", "", ""]);
    }

    [Fact]
    public async Task An_e_mail_is_redone_where_the_account_allows_one_call_at_a_time()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(new("malformed", "tooLong"), times: 1));
        await using var one = await Stage.LimitAsync(new(null, Concurrency: 1));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(Calls + 1);
    }

    [Fact]
    public async Task E_mails_that_stay_too_long_are_flagged_for_the_reviewer()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(new("malformed", "stubborn"), times: null));

        var batch = await OpenAsync(campaign);
        await EndsWellAsync(campaign, batch);

        (await CallsAsync()).ShouldBe(2 * Calls);
        (await FlagsAsync(campaign)).ShouldAllBe(flags => flags.Contains("word_limit"));
        (await App.ResultAsync(batch))["flagged"]!.GetValue<int>().ShouldBe(3);
    }

    private static FaultTarget Step(int step) => new("mistral", Contains: $"step>{step}<");

    private Task<List<string>> FlagsAsync(ReviewedCampaign campaign) => Db.ListAsync<string>("""
        select array_to_string(d.flags, ',') from drafts d join leads l on l.id = d.lead_id where d.campaign_id = $1 and l.last_name = '2' order by d.step
        """, campaign.Id);
}
