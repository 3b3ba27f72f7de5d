using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    [Fact]
    public async Task A_commit_creates_instances_that_any_node_may_take()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var children = new[] { Instance("""{"c":1}"""), Instance("""{"c":2}""") }.Select(child => child with { ParentId = leased.Lease.InstanceId }).ToList();
        (await store.CommitAsync(Burst(leased.Lease, Wait(Key())) with { Children = children }, None)).Committed.ShouldBeTrue();
        var taken = await (await OpenAgainAsync(store)).AcquireAnyAsync(10, None);
        taken.Select(instance => instance.Lease.InstanceId).Order().ShouldBe(children.Select(child => child.Id).Order());
        taken.ShouldAllBe(instance => instance.TenantId == TenantId && instance.DefinitionVersionId == "contract-1" && instance.State.Length > 5);
        foreach (var child in taken) (await store.CommitAsync(End(child.Lease), None)).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_commit_without_its_lease_creates_nothing()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var child = Instance();
        (await store.CommitAsync(Burst(leased.Lease with { Token = Guid.CreateVersion7() }) with { Children = [child] }, None)).Committed.ShouldBeFalse();
        (await store.SeizeAsync(child.Id, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_bookmark_that_stays_takes_every_stimulus()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key()) with { Stays = true };
        var id = await SuspendedAsync(store, bookmark);
        await store.SendAsync(More(bookmark), None);
        await store.SendAsync(More(bookmark), None);
        var leased = (await store.AcquireAsync(id, None)).ShouldNotBeNull();
        leased.Inbox.Count.ShouldBe(2);
        leased.Inbox.ShouldAllBe(resumption => resumption.BookmarkId == bookmark.Id);
        await store.SendAsync(More(bookmark), None);
        var consumed = Burst(leased.Lease) with { ResumptionsConsumed = [.. leased.Inbox.Select(resumption => resumption.Id)] };
        var rest = await store.CommitAsync(consumed, None);
        rest.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
        var last = Burst(rest.Lease.ShouldNotBeNull()) with { ResumptionsConsumed = [rest.Inbox[0].Id], BookmarksBurned = [bookmark.Id] };
        (await store.CommitAsync(last, None)).Inbox.ShouldBeEmpty();
        await store.SendAsync(More(bookmark), None);
        (await store.AcquireAsync(id, None)).ShouldBeNull("it was burned");
    }

    [Fact]
    public async Task A_bookmark_that_stays_takes_all_that_came_before_it()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key()) with { Stays = true };
        for (var i = 0; i < 3; i++) await store.SendAsync(More(bookmark), None);
        var leased = await CreatedAsync(store, Instance());
        (await store.CommitAsync(Burst(leased.Lease, bookmark), None)).Inbox.Count.ShouldBe(3);
    }

    [Fact]
    public async Task No_stimulus_of_many_senders_is_lost_to_a_bookmark_that_stays()
    {
        var store = await OpenAsync();
        var bookmark = Wait(Key()) with { Stays = true };
        var id = await SuspendedAsync(store, bookmark);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.SendAsync(More(bookmark), None))));
        (await store.AcquireAsync(id, None)).ShouldNotBeNull().Inbox.Count.ShouldBe(20);
    }

    private static Stimulus More(Bookmark bookmark) => new(bookmark.Key, Guid.CreateVersion7().ToString());
}
