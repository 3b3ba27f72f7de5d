using System.Text;
using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    [Fact]
    public async Task Unconsumed_resumptions_come_back_with_the_commit_oldest_first()
    {
        var store = await OpenAsync();
        Bookmark[] waits = [Wait(Key()), Wait(Key()), Wait(Key())];
        var id = await SuspendedAsync(store, waits);
        foreach (var i in (int[])[2, 0, 1]) await store.SendAsync(Directed(waits[i].Key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        var (lease, inbox) = (leased.Lease, leased.Inbox);
        inbox.Select(resumption => resumption.BookmarkId).ShouldBe([waits[2].Id, waits[0].Id, waits[1].Id]);
        foreach (var runAgain in (bool[])[true, false])
        {
            var result = await store.CommitAsync(Burst(lease) with { ResumptionsConsumed = [inbox[0].Id], BookmarksBurned = [inbox[0].BookmarkId], RunAgain = runAgain }, None);
            result.Inbox.Select(resumption => resumption.Id).ShouldBe(inbox.Skip(1).Select(resumption => resumption.Id), "the same rows, not copies");
            (lease, inbox) = (result.Lease.ShouldNotBeNull(), result.Inbox);
            (await store.AcquireAsync(id, None)).ShouldBeNull("the lease goes on");
        }

        var last = await store.CommitAsync(Burst(lease) with { ResumptionsConsumed = [inbox[0].Id], BookmarksBurned = [inbox[0].BookmarkId] }, None);
        last.ShouldBe(new CommitResult(true, null, last.Inbox));
        last.Inbox.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(WorkflowSubStatus.Suspended)]
    [InlineData(WorkflowSubStatus.Executing)]
    [InlineData(WorkflowSubStatus.Interrupted)]
    public async Task A_commit_that_consumes_nothing_gets_the_whole_inbox_back(WorkflowSubStatus how)
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var id = await SuspendedAsync(store, bookmark);
        await store.SendAsync(Directed(bookmark.Key) with { Payload = "yes" }, None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        var result = await store.CommitAsync(Burst(leased.Lease) with { SubStatus = how }, None);
        result.Lease.ShouldNotBeNull();
        var back = result.Inbox.ShouldHaveSingleItem();
        (back.Id, back.BookmarkId, back.Payload.GetString()).ShouldBe((leased.Inbox[0].Id, bookmark.Id, "yes"));
    }

    [Fact]
    public async Task A_resumption_of_a_wait_that_the_burst_ended_is_dropped()
    {
        var store = await OpenAsync();
        var decision = Wait(Key());
        var timeout = Wait(Key());
        var id = await SuspendedAsync(store, decision, timeout);
        await store.SendAsync(Directed(decision.Key), None);
        await store.SendAsync(Directed(timeout.Key), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        leased.Inbox.Count.ShouldBe(2);
        var result = await store.CommitAsync(Burst(leased.Lease) with { ResumptionsConsumed = [leased.Inbox[0].Id], BookmarksBurned = [decision.Id, timeout.Id] }, None);
        result.Lease.ShouldBeNull();
        result.Inbox.ShouldBeEmpty();
        (await store.AcquireAsync(id, None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_instance_that_is_retried_gets_what_came_while_it_was_faulted()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var leased = await CreatedAsync(store, Instance());
        await store.CommitAsync(Burst(leased.Lease, bookmark) with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Faulted }, None);
        await store.SendAsync(Directed(bookmark.Key), None);
        (await store.AcquireAnyAsync(10, None)).ShouldBeEmpty();
        var seized = (await store.SeizeAsync(leased.Lease.InstanceId, None)).ShouldNotBeNull();
        var running = await store.CommitAsync(Burst(seized.Lease) with { SubStatus = WorkflowSubStatus.Executing }, None);
        running.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
        running.Lease.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_resumption_that_was_read_and_lost_is_there_for_the_next_node()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var id = await SuspendedAsync(store, bookmark);
        await store.SendAsync(Directed(bookmark.Key), None);
        var lost = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        var next = (await (await OpenAgainAsync(store)).SeizeAsync(id, None)).ShouldNotBeNull();
        (await store.CommitAsync(Consuming(lost), None)).Committed.ShouldBeFalse();
        next.Inbox.ShouldHaveSingleItem().Id.ShouldBe(lost.Inbox[0].Id);
        (await store.CommitAsync(Consuming(next), None)).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task Each_commit_writes_its_state_and_raises_the_version()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var lease = leased.Lease;
        for (var i = 1; i <= 3; i++)
        {
            var commit = Burst(lease) with { State = Encoding.UTF8.GetBytes($$"""{"round":{{i}}}"""), SubStatus = WorkflowSubStatus.Executing, RunAgain = true };
            lease = (await store.CommitAsync(commit, None)).Lease.ShouldNotBeNull();
            lease.Version.ShouldBe(leased.Lease.Version + i);
        }

        var seized = (await store.SeizeAsync(lease.InstanceId, None)).ShouldNotBeNull();
        Encoding.UTF8.GetString(seized.State).Replace(" ", "").ShouldBe("""{"round":3}""");
        seized.Lease.Version.ShouldBe(lease.Version);
    }

    [Fact]
    public async Task The_bookmark_that_is_due_first_fires_first()
    {
        var store = await OpenAsync();
        var late = await SuspendedAsync(store, Wait($"timer:{Guid.CreateVersion7()}", TimeSpan.FromMinutes(2)));
        var soon = await SuspendedAsync(store, Wait($"timer:{Guid.CreateVersion7()}", TimeSpan.FromMinutes(1)));
        await PassAsync(store, TimeSpan.FromMinutes(3));
        (await store.FireDueAsync(1, None)).ShouldBe(1);
        (await store.AcquireAsync(late, None)).ShouldBeNull();
        (await store.AcquireAsync(soon, None)).ShouldNotBeNull().Inbox.ShouldHaveSingleItem().Payload.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined);
    }

    [Fact]
    public async Task A_stimulus_and_a_due_time_end_a_wait_once()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key(), TimeSpan.FromMinutes(1));
        var id = await SuspendedAsync(store, bookmark);
        await PassAsync(store, TimeSpan.FromMinutes(2));
        await Task.WhenAll(Task.Run(() => store.SendAsync(Directed(bookmark.Key), None)), Task.Run(() => store.FireDueAsync(10, None)));
        (await store.AcquireAsync(id, None)).ShouldNotBeNull().Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
    }
}
