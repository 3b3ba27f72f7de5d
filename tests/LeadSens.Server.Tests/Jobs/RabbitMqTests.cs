using System.Diagnostics;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

public sealed class RabbitMqTests : JobsTest
{
    [Fact]
    public async Task A_broker_that_is_away_delays_events_and_spends_no_attempt_and_jobs_go_on()
    {
        await using var rabbit = await TestRabbitMq.StartAsync();
        var node = await NodeAsync(new TestWork(), ("LeadSens:Bus", rabbit.Address));
        var received = await OutboxTests.ListenAsync(node);
        await OutboxTesting.AddAsync(Db, node, Workspace, "LeadSourced");
        await Eventually.Be(() => received.Events.Count == 1);

        await rabbit.GoAwayAsync();
        for (var n = 0; n < 20; n++) await OutboxTesting.AddAsync(Db, node, Workspace, "LeadScored");
        await CompletedAsync(await OpenAsync(node, await CampaignAsync(50)));
        (await Db.ScalarAsync<long>("select count(*) from outbox_events where status = 'sent'")).ShouldBe(1);
        await rabbit.ComeBackAsync();

        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from outbox_events where status = 'sent'") == 21, TimeSpan.FromSeconds(60));
        (await Db.ScalarAsync<long>("select sum(attempts) from outbox_events")).ShouldBe(0);
        await Eventually.Be(() => received.Events.DistinctBy(one => one.Id).Count() == 21, TimeSpan.FromSeconds(30));
        // The one before may come twice: its acknowledgement died with the broker.
        received.Events.Count(one => one.Type == "LeadScored").ShouldBe(20, "each event of the outage was handled once");
    }

    [Fact]
    public async Task A_node_starts_without_its_broker_and_does_not_wait()
    {
        var watch = Stopwatch.StartNew();
        var node = await NodeAsync(new TestWork(), ("LeadSens:Bus", "amqp://guest:guest@127.0.0.1:9/"));
        watch.Elapsed.TotalSeconds.ShouldBeLessThan(5);
        await OutboxTesting.AddAsync(Db, node, Workspace, "LeadSourced");
        await CompletedAsync(await OpenAsync(node, await CampaignAsync(10)));
        (await Db.ListAsync<string>("select concat_ws(' ', status, attempts) from outbox_events")).ShouldBe(["pending 0"]);
    }

    [Fact]
    public async Task Two_nodes_on_a_broker_share_the_jobs_and_publish_each_event_once()
    {
        await using var rabbit = await TestRabbitMq.StartAsync();
        var one = new TestWork(async (_, _, token) => { await Provider.AnswersAfterAsync(2, token); return "one"; });
        var two = new TestWork(async (_, _, token) => { await Provider.AnswersAfterAsync(2, token); return "two"; }) { Runs = one.Runs };
        var first = await NodeAsync(one, ("LeadSens:Bus", rabbit.Address));
        await NodeAsync(two, ("LeadSens:Bus", rabbit.Address));
        var received = await OutboxTests.ListenAsync(first);
        for (var n = 0; n < 30; n++) await OutboxTesting.AddAsync(Db, first, Workspace, "LeadSourced");
        await CompletedAsync(await OpenAsync(first, await CampaignAsync(1_000)));
        one.Runs.Values.ShouldAllBe(runs => runs == 1);
        two.Order.ShouldNotBeEmpty();
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from outbox_events where status = 'sent'") == 30);
        await Eventually.Be(() => received.Events.Count >= 30);
        received.Events.Count.ShouldBe(30);
    }
}
