using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    [Fact]
    public async Task A_directed_stimulus_resumes_the_bookmark_that_waits()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var id = await SuspendedAsync(store, bookmark);
        (await store.SendAsync(Directed(bookmark.Key) with { Payload = new JsonObject { ["n"] = 7 } }, None)).ShouldBeTrue();
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        var resumption = leased.Inbox.ShouldHaveSingleItem();
        resumption.BookmarkId.ShouldBe(bookmark.Id);
        resumption.Payload.GetProperty("n").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task A_directed_stimulus_waits_for_its_bookmark()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        (await store.SendAsync(Directed(bookmark.Key), None)).ShouldBeTrue();
        var leased = await CreatedAsync(store, Instance());
        var result = await store.CommitAsync(Burst(leased.Lease, bookmark), None);
        result.Lease.ShouldNotBeNull();
        result.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
    }

    [Fact]
    public async Task A_stimulus_without_payload_has_an_undefined_one()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var id = await SuspendedAsync(store, bookmark);
        await store.SendAsync(Directed(bookmark.Key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        leased.Inbox.ShouldHaveSingleItem().Payload.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined);
    }

    [Fact]
    public async Task No_wake_up_is_lost_between_stimulus_and_bookmark()
    {
        var store = await OpenAsync();
        var other = await OpenAgainAsync(store);
        var rounds = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () =>
        {
            var bookmark = Wait(Key());
            var leased = await CreatedAsync(store, Instance());
            var commit = Task.Run(() => store.CommitAsync(Burst(leased.Lease, bookmark), None));
            var send = Task.Run(() => other.SendAsync(Directed(bookmark.Key), None));
            (await send).ShouldBeTrue();
            var inbox = (await commit).Inbox;
            if (inbox.Count == 0) inbox = (await other.AcquireAsync(leased.Lease.InstanceId, None))?.Inbox ?? [];
            return inbox.Count(resumption => resumption.BookmarkId == bookmark.Id);
        })));
        rounds.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public async Task A_stimulus_is_taken_once_per_dedupe_key()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var id = await SuspendedAsync(store, bookmark);
        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.SendAsync(Directed(bookmark.Key), None))));
        sent.Count(taken => taken).ShouldBe(1);
        (await store.AcquireAsync(id, None)).ShouldNotBeNull().Inbox.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_broadcast_resumes_all_that_wait_now_and_nobody_later()
    {
        var store = await OpenAsync();
        var key = $"event:{TenantId}:{Guid.CreateVersion7()}";
        var first = await SuspendedAsync(store, Wait(key));
        var second = await SuspendedAsync(store, Wait(key));
        await store.SendAsync(Broadcast(key), None);
        (await store.AcquireAsync(first, None)).ShouldNotBeNull().Inbox.ShouldHaveSingleItem();
        (await store.AcquireAsync(second, None)).ShouldNotBeNull().Inbox.ShouldHaveSingleItem();
        var late = await SuspendedAsync(store, Wait(key));
        (await store.AcquireAsync(late, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_bookmark_is_burned_once()
    {
        var store = await OpenAsync();
        var key = $"event:{TenantId}:{Guid.CreateVersion7()}";
        var bookmark = Wait(key);
        var id = await SuspendedAsync(store, bookmark);
        await store.SendAsync(Broadcast(key), None);
        await store.SendAsync(Broadcast(key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        leased.Inbox.Count.ShouldBe(1, "the first stimulus took the bookmark");
    }

    [Fact]
    public async Task What_a_commit_consumed_does_not_come_back()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var next = Wait(Key());
        var id = await SuspendedAsync(store, bookmark);
        await store.SendAsync(Directed(bookmark.Key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        var result = await store.CommitAsync(Consuming(leased, next), None);
        result.Lease.ShouldBeNull();
        (await store.AcquireAsync(id, None)).ShouldBeNull();
        await store.SendAsync(Directed(next.Key), None);
        (await store.AcquireAsync(id, None)).ShouldNotBeNull().Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(next.Id);
    }

    [Fact]
    public async Task A_burned_bookmark_is_not_matched()
    {
        var store = await OpenAsync();
        var burned = Wait(Key());
        var kept = Wait(Key());
        var leased = await CreatedAsync(store, Instance());
        var executing = Burst(leased.Lease, burned, kept) with { SubStatus = WorkflowSubStatus.Executing, RunAgain = true };
        var lease = (await store.CommitAsync(executing, None)).Lease.ShouldNotBeNull();
        await store.CommitAsync(Burst(lease) with { BookmarksBurned = [burned.Id] }, None);
        await store.SendAsync(Directed(burned.Key), None);
        (await store.AcquireAsync(lease.InstanceId, None)).ShouldBeNull();
        await store.SendAsync(Directed(kept.Key), None);
        (await store.AcquireAsync(lease.InstanceId, None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_resumption_that_arrives_during_a_burst_keeps_the_lease()
    {
        var store = await OpenAsync();
        var first = Wait(Key());
        var second = Wait(Key());
        var id = await SuspendedAsync(store, first, second);
        await store.SendAsync(Directed(first.Key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        await store.SendAsync(Directed(second.Key), None);
        (await store.AcquireAsync(id, None)).ShouldBeNull("it is leased");
        var result = await store.CommitAsync(Consuming(leased), None);
        result.Lease.ShouldNotBeNull();
        result.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(second.Id);
    }

    [Fact]
    public async Task A_stimulus_of_a_burst_is_sent_by_its_commit()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var waiting = await SuspendedAsync(store, bookmark);
        var sender = await CreatedAsync(store, Instance());
        await store.CommitAsync(End(sender.Lease) with { Stimuli = [Directed(bookmark.Key)] }, None);
        (await store.AcquireAsync(waiting, None)).ShouldNotBeNull().Inbox.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_burst_may_send_what_it_waits_for_itself()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var leased = await CreatedAsync(store, Instance());
        var result = await store.CommitAsync(Burst(leased.Lease, bookmark) with { Stimuli = [Directed(bookmark.Key)] }, None);
        result.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
    }

    private async Task<Guid> SuspendedAsync(WorkflowStore store, params Bookmark[] bookmarks)
    {
        var leased = await CreatedAsync(store, Instance());
        (await store.CommitAsync(Burst(leased.Lease, bookmarks), None)).Committed.ShouldBeTrue();
        return leased.Lease.InstanceId;
    }

    private static BurstCommit Consuming(LeasedInstance leased, params Bookmark[] added) => Burst(leased.Lease, added) with
    {
        ResumptionsConsumed = [.. leased.Inbox.Select(resumption => resumption.Id)],
        BookmarksBurned = [.. leased.Inbox.Select(resumption => resumption.BookmarkId)],
    };
}
