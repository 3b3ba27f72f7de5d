using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    [Fact]
    public async Task Who_sends_gets_the_instance_that_it_resumes()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        var id = await SuspendedAsync(store, bookmark);
        var (sent, instance) = await store.ResumeAsync(Directed(bookmark.Key) with { Payload = new JsonObject { ["n"] = 7 } }, None);
        sent.ShouldBeTrue();
        var resumption = instance.ShouldNotBeNull().Inbox.ShouldHaveSingleItem();
        instance.Lease.InstanceId.ShouldBe(id);
        resumption.BookmarkId.ShouldBe(bookmark.Id);
        resumption.Payload.GetProperty("n").GetInt32().ShouldBe(7);
        (await store.AcquireAsync(id, None)).ShouldBeNull("it is leased");
        (await store.CommitAsync(Consuming(instance), None)).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_sends_to_an_instance_that_runs_leaves_it_to_its_runner()
    {
        var store = await OpenAsync();
        var (first, second) = (Wait(Key()), Wait(Key()));
        var id = await SuspendedAsync(store, first, second);
        var leased = (await store.ResumeAsync(Directed(first.Key), None)).Instance.ShouldNotBeNull();
        (await store.ResumeAsync(Directed(second.Key), None)).ShouldBe(new ResumeResult(true, null));
        var result = await store.CommitAsync(Consuming(leased), None);
        result.Lease.ShouldNotBeNull().InstanceId.ShouldBe(id);
        result.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Who_sends_too_early_leaves_a_stimulus_that_waits()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key());
        (await store.ResumeAsync(Directed(bookmark.Key), None)).ShouldBe(new ResumeResult(true, null));
        var leased = await CreatedAsync(store, Instance());
        (await store.CommitAsync(Burst(leased.Lease, bookmark), None)).Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
    }

    [Fact]
    public async Task Of_many_who_send_the_same_one_gets_the_instance()
    {
        var store = await OpenAsync();
        var other = await OpenAgainAsync(store);
        var bookmark = Wait(Key());
        await SuspendedAsync(store, bookmark);
        var sent = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => (i % 2 == 0 ? store : other).ResumeAsync(Directed(bookmark.Key), None))));
        sent.Count(result => result.Sent).ShouldBe(1);
        sent.Count(result => result.Instance is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_who_resume_one_instance_by_different_bookmarks_one_gets_it()
    {
        var store = await OpenAsync();
        var bookmarks = Enumerable.Range(0, 32).Select(_ => Wait(Key())).ToArray();
        var id = await SuspendedAsync(store, bookmarks);
        var sent = await Task.WhenAll(bookmarks.Select(bookmark => Task.Run(() => store.ResumeAsync(Directed(bookmark.Key), None))));
        sent.ShouldAllBe(result => result.Sent);
        var leased = sent.Select(result => result.Instance).OfType<LeasedInstance>().ShouldHaveSingleItem();
        var next = await store.CommitAsync(Consuming(leased), None);
        leased.Inbox.Concat(next.Inbox).Select(resumption => resumption.BookmarkId).ShouldBe(bookmarks.Select(bookmark => bookmark.Id), ignoreOrder: true);
        leased.Lease.InstanceId.ShouldBe(id);
    }
}
