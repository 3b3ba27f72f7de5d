using LeadSens.Server.Ai;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Ai;

public sealed class AiEventWriterTests : ModelTest
{
    [Fact]
    public async Task Events_are_written_without_being_asked()
    {
        var campaign = await NewCampaignAsync();
        await Events.StartAsync(default);
        for (var i = 0; i < 500; i++) Events.Add(Event(campaign, 0.001m));
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select ai_calls from campaigns where id = $1", campaign) == 500);
        (await Db.ScalarAsync<decimal>("select cost_usd from campaigns where id = $1", campaign)).ShouldBe(0.5m);
        await Events.StopAsync(default);
    }

    [Fact]
    public async Task Stopping_writes_what_is_left()
    {
        await Events.StartAsync(default);
        for (var i = 0; i < 5_000; i++) Events.Add(Event(null, 0.001m));
        await Events.StopAsync(default);
        (await Db.ScalarAsync<long>("select count(*) from ai_events")).ShouldBe(5_000);
    }

    [Fact]
    public async Task A_repeated_write_counts_nothing_twice()
    {
        var campaign = await NewCampaignAsync();
        AiEvent[] events = [Event(campaign, 0.25m), Event(campaign, 0.5m), Event(await NewCampaignAsync(), 1m), Event(null, 2m)];
        await AiEventSql.WriteAsync(DataSource, events[..2], default);
        await AiEventSql.WriteAsync(DataSource, events, default);
        (await Db.ScalarAsync<decimal>("select cost_usd from campaigns where id = $1", campaign)).ShouldBe(0.75m);
        (await Db.ScalarAsync<decimal>("select sum(cost_usd) from campaigns")).ShouldBe(1.75m);
        (await Db.ScalarAsync<long>("select count(*) from ai_events")).ShouldBe(4);
    }

    [Fact]
    public async Task What_the_database_refused_is_written_when_it_is_back()
    {
        await Db.ExecuteAsync("alter table ai_events rename to elsewhere");
        await Events.StartAsync(default);
        Events.Add(Event(null, 1m));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Events.FlushAsync(default));
        await Db.ExecuteAsync("alter table elsewhere rename to ai_events");
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from ai_events") == 1);
        await Events.StopAsync(default);
    }

    private AiEvent Event(Guid? campaign, decimal cost) => new(
        Guid.CreateVersion7(), Workspace, campaign, null, "score", "mistral", "mistral-small-2603", "score.v1", 10, 5, cost, 20, "ok", TimeProvider.System.GetUtcNow());
}
