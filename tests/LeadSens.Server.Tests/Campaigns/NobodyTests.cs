using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class NobodyTests
{
    [Fact]
    public async Task An_ICP_that_nobody_matches_completes_the_campaign_before_a_credit_is_spent()
    {
        await using var instantly = await ScriptedProvider.AnsweringAsync(200, """{"number_of_leads":0}""");
        await using var app = await TestApp.StartAsync(settings: [("Instantly:ApiKey", "key"), ("Instantly:BaseUrl", instantly.Url)]);
        using var run = new CampaignRun(app);

        var view = await run.UntilAsync(await run.StartAsync(), "Completed");

        view.GetProperty("leads").GetProperty("sourced").GetInt64().ShouldBe(0);
        instantly.Calls.ShouldHaveSingleItem().Target.ShouldEndWith("/count-leads-from-supersearch");
    }
}
