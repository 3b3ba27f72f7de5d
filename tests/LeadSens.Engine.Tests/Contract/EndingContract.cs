using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    [Theory]
    [InlineData(WorkflowSubStatus.Finished)]
    [InlineData(WorkflowSubStatus.Cancelled)]
    public async Task Ending_closes_what_was_left(WorkflowSubStatus how)
    {
        var store = await OpenAsync();
        var matched = Wait(Key());
        var open = Wait(Key());
        var id = await SuspendedAsync(store, matched, open);
        await store.SendAsync(Directed(matched.Key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        var result = await store.CommitAsync(End(leased.Lease, how), None);
        result.Lease.ShouldBeNull();
        result.Inbox.ShouldBeEmpty();
        await store.SendAsync(Directed(open.Key), None);
        (await store.AcquireAsync(id, None)).ShouldBeNull();
        (await store.AcquireAnyAsync(10, None)).ShouldBeEmpty();
        (await store.SeizeAsync(id, None)).ShouldNotBeNull().Inbox.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_faulted_instance_keeps_its_waits_for_a_retry()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var leased = await CreatedAsync(store, Instance());
        (await store.CommitAsync(Burst(leased.Lease, bookmark) with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Faulted }, None)).Lease.ShouldBeNull();
        await store.SendAsync(Directed(bookmark.Key), None);
        (await store.AcquireAsync(leased.Lease.InstanceId, None)).ShouldBeNull("it ended");
        var seized = (await store.SeizeAsync(leased.Lease.InstanceId, None)).ShouldNotBeNull();
        seized.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
    }

    [Fact]
    public async Task A_due_bookmark_resumes_by_itself()
    {
        var store = await OpenAsync();
        var due = Wait($"timer:{Guid.CreateVersion7()}", TimeSpan.FromMinutes(5));
        var id = await SuspendedAsync(store, due);
        (await store.FireDueAsync(10, None)).ShouldBe(0);
        await PassAsync(store, TimeSpan.FromMinutes(6));
        (await store.FireDueAsync(10, None)).ShouldBe(1);
        (await store.FireDueAsync(10, None)).ShouldBe(0, "it fired already");
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        leased.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(due.Id);
    }

    [Fact]
    public async Task A_due_bookmark_that_was_burned_does_not_fire()
    {
        var store = await OpenAsync();
        var decision = Wait(Key());
        var timeout = Wait($"timer:{Guid.CreateVersion7()}", TimeSpan.FromMinutes(5));
        var id = await SuspendedAsync(store, decision, timeout);
        await store.SendAsync(Directed(decision.Key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        var commit = Consuming(leased, Wait(Key()));
        await store.CommitAsync(commit with { BookmarksBurned = [.. commit.BookmarksBurned, timeout.Id] }, None);
        await PassAsync(store, TimeSpan.FromMinutes(6));
        (await store.FireDueAsync(10, None)).ShouldBe(0);
    }

    [Fact]
    public async Task Due_bookmarks_fire_in_portions()
    {
        var store = await OpenAsync();
        for (var i = 0; i < 5; i++) await SuspendedAsync(store, Wait($"timer:{Guid.CreateVersion7()}", TimeSpan.FromMinutes(1)));
        await PassAsync(store, TimeSpan.FromMinutes(2));
        var fired = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => store.FireDueAsync(2, None))));
        fired.ShouldAllBe(count => count <= 2);
        (fired.Sum() + await store.FireDueAsync(10, None)).ShouldBe(5);
    }
}
