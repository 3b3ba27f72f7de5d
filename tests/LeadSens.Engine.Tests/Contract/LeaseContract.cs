using System.Text;
using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    [Fact]
    public async Task A_new_instance_is_durable_and_leased_to_its_creator()
    {
        var store = await OpenAsync();
        var instance = Instance("""{"a":1}""");
        var leased = await CreatedAsync(store, instance);
        leased.TenantId.ShouldBe(TenantId);
        leased.DefinitionVersionId.ShouldBe("contract-1");
        leased.Inbox.ShouldBeEmpty();
        var other = await OpenAgainAsync(store);
        (await other.AcquireAsync(instance.Id, None)).ShouldBeNull();
        var seized = (await other.SeizeAsync(instance.Id, None)).ShouldNotBeNull();
        Encoding.UTF8.GetString(seized.State).Replace(" ", "").ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task An_id_is_created_once()
    {
        var store = await OpenAsync();
        var instance = Instance();
        await CreatedAsync(store, instance);
        (await (await OpenAgainAsync(store)).CreateAsync(instance with { Name = "second" }, None)).ShouldBeNull();
    }

    [Fact]
    public async Task One_of_many_creators_wins()
    {
        var store = await OpenAsync();
        var other = await OpenAgainAsync(store);
        var instance = Instance();
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? store : other).CreateAsync(instance, None))));
        all.Count(leased => leased is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_suspended_instance_has_nothing_to_do()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var result = await store.CommitAsync(Burst(leased.Lease, Wait(Key())), None);
        result.ShouldBe(new CommitResult(true, null, result.Inbox));
        result.Inbox.ShouldBeEmpty();
        (await store.AcquireAsync(leased.Lease.InstanceId, None)).ShouldBeNull();
        (await store.AcquireAnyAsync(10, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_instance_that_runs_again_keeps_its_lease()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var commit = Burst(leased.Lease) with { SubStatus = WorkflowSubStatus.Executing, RunAgain = true, State = "{\"b\":2}"u8.ToArray() };
        var lease = (await store.CommitAsync(commit, None)).Lease.ShouldNotBeNull();
        (await store.AcquireAsync(lease.InstanceId, None)).ShouldBeNull();
        (await store.CommitAsync(End(lease), None)).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_interrupted_instance_may_be_taken_by_any_node()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var result = await store.CommitAsync(Burst(leased.Lease) with { SubStatus = WorkflowSubStatus.Interrupted }, None);
        result.Lease.ShouldBeNull();
        var other = await OpenAgainAsync(store);
        (await other.AcquireAnyAsync(10, None)).ShouldHaveSingleItem().Lease.InstanceId.ShouldBe(leased.Lease.InstanceId);
        (await store.AcquireAsync(leased.Lease.InstanceId, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lease_is_held_by_one()
    {
        var store = await OpenAsync();
        var other = await OpenAgainAsync(store);
        var leased = await CreatedAsync(store, Instance());
        await store.CommitAsync(Burst(leased.Lease) with { SubStatus = WorkflowSubStatus.Interrupted }, None);
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => (i % 2 == 0 ? store : other).AcquireAsync(leased.Lease.InstanceId, None))));
        all.Count(instance => instance is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Taking_any_shares_the_instances_out()
    {
        var store = await OpenAsync();
        var other = await OpenAgainAsync(store);
        for (var i = 0; i < 20; i++)
        {
            var leased = await CreatedAsync(store, Instance());
            await store.CommitAsync(Burst(leased.Lease) with { SubStatus = WorkflowSubStatus.Interrupted }, None);
        }

        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? store : other).AcquireAnyAsync(2, None))));
        var taken = all.SelectMany(list => list).Select(instance => instance.Lease.InstanceId).ToList();
        taken.AddRange((await store.AcquireAnyAsync(20, None)).Select(instance => instance.Lease.InstanceId));
        taken.Count.ShouldBe(20);
        taken.Distinct().Count().ShouldBe(20);
        all.ShouldAllBe(list => list.Count <= 2);
    }

    [Fact]
    public async Task An_old_version_cannot_commit()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var commit = Burst(leased.Lease) with { SubStatus = WorkflowSubStatus.Executing, RunAgain = true };
        var lease = (await store.CommitAsync(commit, None)).Lease.ShouldNotBeNull();
        var key = Key();
        var stale = await store.CommitAsync(Burst(leased.Lease, Wait(key)) with { State = "{\"stale\":true}"u8.ToArray() }, None);
        stale.Committed.ShouldBeFalse();
        stale.Lease.ShouldBeNull();
        (await store.CommitAsync(Burst(lease), None)).Committed.ShouldBeTrue();
        await store.SendAsync(Directed(key), None);
        (await store.AcquireAsync(lease.InstanceId, None)).ShouldBeNull("the stale bookmark was written");
    }

    [Fact]
    public async Task A_foreign_token_cannot_commit()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var key = Key();
        var forged = Burst(leased.Lease with { Token = Guid.CreateVersion7() }) with { Stimuli = [Directed(key)] };
        (await store.CommitAsync(forged, None)).Committed.ShouldBeFalse();
        (await store.SendAsync(Directed(key), None)).ShouldBeTrue("the forged commit sent its stimulus");
        (await store.CommitAsync(End(leased.Lease), None)).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_retry_takes_what_met_incidents_and_nobody_runs()
    {
        var store = await OpenAsync();
        var other = await OpenAgainAsync(store);
        var leased = await CreatedAsync(store, Instance());
        (await other.ReviveAsync(leased.Lease.InstanceId, None)).ShouldBe(new Revival(null), "it has met none");
        var kept = (await store.CommitAsync(Burst(leased.Lease) with { IncidentCount = 1, RunAgain = true }, None)).Lease.ShouldNotBeNull();
        (await other.ReviveAsync(leased.Lease.InstanceId, None)).ShouldBe(new Revival(null, IsBusy: true));
        (await store.CommitAsync(Burst(kept) with { IncidentCount = 1 }, None)).Committed.ShouldBeTrue();
        var retried = (await other.ReviveAsync(leased.Lease.InstanceId, None)).Instance.ShouldNotBeNull();
        (await store.ReviveAsync(leased.Lease.InstanceId, None)).IsBusy.ShouldBeTrue("one retry at a time");
        await other.CommitAsync(End(retried.Lease), None);
        (await store.ReviveAsync(leased.Lease.InstanceId, None)).ShouldBe(new Revival(null));
    }

    [Fact]
    public async Task Who_was_robbed_of_the_lease_cannot_commit()
    {
        var store = await OpenAsync();
        var leased = await CreatedAsync(store, Instance());
        var seized = (await (await OpenAgainAsync(store)).SeizeAsync(leased.Lease.InstanceId, None)).ShouldNotBeNull();
        (await store.CommitAsync(Burst(leased.Lease), None)).Committed.ShouldBeFalse();
        (await store.CommitAsync(End(seized.Lease, WorkflowSubStatus.Cancelled), None)).Committed.ShouldBeTrue();
        (await store.SeizeAsync(Guid.CreateVersion7(), None)).ShouldBeNull();
    }
}
