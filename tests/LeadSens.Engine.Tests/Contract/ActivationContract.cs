using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    private NewInstance Only(string key = "only") => Instance() with { Activation = new Activation(key, "one at a time") };

    [Fact]
    public async Task Of_instances_that_exclude_each_other_one_is_unfinished()
    {
        var store = await OpenAsync();
        var (first, second) = (Only(), Only());
        var leased = await CreatedAsync(store, first);
        (await store.CreateAsync(second, None)).ShouldBeNull();
        (await store.ExistsAsync(second.Id, None)).ShouldBeFalse();
        (await store.ExistsAsync(first.Id, None)).ShouldBeTrue();
        await CreatedAsync(store, Only("other key"));
        await CreatedAsync(store, Only() with { TenantId = Guid.CreateVersion7() });
        await CreatedAsync(store, Instance());
        await store.CommitAsync(Burst(leased.Lease, Wait(Key())), None);
        (await store.CreateAsync(second, None)).ShouldBeNull("it waits, and has not ended");
        leased = (await store.SeizeAsync(first.Id, None)).ShouldNotBeNull();
        await store.CommitAsync(End(leased.Lease), None);
        await CreatedAsync(store, second);
    }

    [Fact]
    public async Task Of_many_that_begin_at_once_one_is_created()
    {
        var store = await OpenAsync();
        var other = await OpenAgainAsync(store);
        var created = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => (i % 2 == 0 ? store : other).CreateAsync(Only(), None))));
        created.Count(instance => instance is not null).ShouldBe(1);
    }

    [Fact]
    public async Task An_ended_instance_that_runs_again_takes_its_key_back_unless_another_holds_it()
    {
        var store = await OpenAsync();
        var first = await CreatedAsync(store, Only());
        await store.CommitAsync(End(first.Lease, WorkflowSubStatus.Faulted) with { IncidentCount = 1 }, None);
        var second = await CreatedAsync(store, Only());
        (await store.ReviveAsync(first.Lease.InstanceId, None)).ShouldBe(new Revival(null, IsExcluded: true));
        await store.CommitAsync(End(second.Lease), None);
        var revived = (await store.ReviveAsync(first.Lease.InstanceId, None)).Instance.ShouldNotBeNull();
        (await store.CreateAsync(Only(), None)).ShouldBeNull();
        await store.CommitAsync(End(revived.Lease), None);
        await CreatedAsync(store, Only());
        (await store.ReviveAsync(Guid.CreateVersion7(), None)).ShouldBe(new Revival(null));
    }

    [Fact]
    public async Task An_ended_instance_whose_lease_is_given_back_is_as_it_was()
    {
        var store = await OpenAsync();
        var first = await CreatedAsync(store, Only());
        await store.CommitAsync(End(first.Lease, WorkflowSubStatus.Faulted) with { IncidentCount = 1 }, None);
        var revived = (await store.ReviveAsync(first.Lease.InstanceId, None)).Instance.ShouldNotBeNull();
        await store.ReleaseAsync(revived.Lease with { Token = Guid.CreateVersion7() }, None);
        (await store.ReviveAsync(first.Lease.InstanceId, None)).IsBusy.ShouldBeTrue("another's lease");
        await store.ReleaseAsync(revived.Lease, None);
        (await store.CommitAsync(End(revived.Lease), None)).Committed.ShouldBeFalse();
        (await store.ReviveAsync(first.Lease.InstanceId, None)).Instance.ShouldNotBeNull().Lease.Version.ShouldBe(revived.Lease.Version);
    }

    [Fact]
    public async Task The_key_that_a_retry_took_is_free_when_it_had_nothing_to_do()
    {
        var store = await OpenAsync();
        var first = await CreatedAsync(store, Only());
        await store.CommitAsync(End(first.Lease, WorkflowSubStatus.Faulted) with { IncidentCount = 1 }, None);
        await store.ReleaseAsync((await store.ReviveAsync(first.Lease.InstanceId, None)).Instance!.Lease, None);
        await CreatedAsync(store, Only());
    }

    [Fact]
    public async Task The_box_that_wants_an_excluded_instance_is_told()
    {
        var store = await OpenAsync();
        await CreatedAsync(store, Only());
        var (parent, wait) = (await CreatedAsync(store, Instance()), Wait(Key()));
        var child = Only() with { Refusal = Directed(wait.Key) };
        var result = await store.CommitAsync(Burst(parent.Lease, wait) with { Children = [child, Instance()] }, None);
        result.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(wait.Id);
        (await store.ExistsAsync(child.Id, None)).ShouldBeFalse();
        (await store.AcquireAnyAsync(10, None)).Count.ShouldBe(1, "the other child");
    }
}
