using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using MassTransit;

namespace LeadSens.Server.Tests.Jobs;

public sealed class OutboxTests : JobsTest
{
    [Fact]
    public async Task An_event_is_published_after_its_transaction_and_not_without_it()
    {
        var node = await NodeAsync();
        var received = await ListenAsync(node);
        await AddAsync(node, "LeadReplied", commit: false);
        await AddAsync(node, "LeadSourced");
        await Eventually.Be(() => received.Events.Count == 1);
        received.Events.Single().Type.ShouldBe("LeadSourced");
        received.Events.Single().WorkspaceId.ShouldBe(Workspace);
        await Eventually.Be(async () => (await StatusesAsync()).SequenceEqual(["sent"]));
    }

    [Fact]
    public async Task An_event_that_cannot_be_published_is_a_dead_letter_after_five_attempts_and_can_be_sent_again()
    {
        var node = await NodeAsync();
        var received = await ListenAsync(node);
        var refusal = node.Get<IBus>().ConnectPublishObserver(new Refusal("LeadSourced"));
        await AddAsync(node, "LeadSourced");
        await AddAsync(node, "LeadReplied");
        for (var attempt = 1; attempt < OutboxStore.MaxAttempts; attempt++)
        {
            await Eventually.Be(async () => await Db.ScalarAsync<int>("select attempts from outbox_events where type = 'LeadSourced' and status = 'failed'") == attempt);
            await Db.ShiftClockAsync(TimeSpan.FromMinutes(1));
        }

        await Eventually.Be(async () => (await StatusesAsync()).SequenceEqual(["dead_letter", "sent"]));
        (await Db.ScalarAsync<string>("select last_error from outbox_events where type = 'LeadSourced'")).ShouldBe("refused");
        refusal.Disconnect();
        var dead = await Db.ScalarAsync<Guid>("select id from outbox_events where status = 'dead_letter'");
        await using var connection = await DataSource.OpenConnectionAsync(default);
        (await OutboxStore.SendAgainAsync(connection, Guid.CreateVersion7(), dead, default)).ShouldBeFalse();
        (await OutboxStore.SendAgainAsync(connection, Workspace, dead, default)).ShouldBeTrue();
        node.Get<OutboxSignal>().Wake();
        await Eventually.Be(() => received.Events.Count == 2);
    }

    [Fact]
    public async Task Events_that_a_lost_dispatcher_held_are_published_by_another_after_their_lease()
    {
        var node = await NodeAsync();
        var received = await ListenAsync(node);
        await Db.ExecuteAsync(
            """
            insert into outbox_events (id, workspace_id, type, payload, status, run_after, created_at, claim_token, node_id, lease_until)
            values (new_id(), $1, 'LeadSourced', '{}', 'processing', now(), now(), new_id(), new_id(), now() + interval '30 seconds')
            """, Workspace);
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(31));
        await Eventually.Be(() => received.Events.Count == 1);
    }

    private Task<List<string>> StatusesAsync() => Db.ListAsync<string>("select status from outbox_events order by status");

    internal static async Task<EventListener> ListenAsync(JobNode node)
    {
        await node.Get<BusState>().WaitUntilUpAsync(default);
        var listener = new EventListener();
        var handle = node.Get<IBusControl>().ConnectReceiveEndpoint($"test-{Guid.CreateVersion7():N}", endpoint => endpoint.Instance(listener));
        await handle.Ready;
        return listener;
    }

    private Task AddAsync(JobNode node, string type, bool commit = true) => OutboxTesting.AddAsync(Db, node, Workspace, type, commit);

    private sealed class Refusal(string type) : IPublishObserver
    {
        public Task PrePublish<T>(PublishContext<T> context) where T : class =>
            context.Message is IntegrationEvent e && e.Type == type ? throw new InvalidOperationException("refused") : Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }
}
