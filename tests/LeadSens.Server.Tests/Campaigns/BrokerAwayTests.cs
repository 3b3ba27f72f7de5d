using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>The bus only carries news: a campaign needs nothing but the database.</summary>
public sealed class BrokerAwayTests
{
    private const string Nowhere = "amqp://guest:guest@127.0.0.1:9/";

    [Fact]
    public async Task A_campaign_completes_while_the_broker_is_away_and_its_events_wait_without_losing_an_attempt()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl, settings: [("LeadSens:Bus", Nowhere)]);
        using var run = new CampaignRun(app);

        var id = await run.StartAsync(CampaignRun.Request(limit: 12));
        await run.DecideAsync(id);
        var view = await run.UntilAsync(id, "Completed");

        view.GetProperty("leads").GetProperty("synced").GetInt64().ShouldBeGreaterThan(0);
        var events = await app.Database.ListAsync<string>("select concat_ws(' ', status, attempts) from outbox_events");
        events.ShouldNotBeEmpty();
        events.ShouldAllBe(one => one == "pending 0");
    }
}
