using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

public abstract partial class WorkflowStoreContract
{
    [Theory]
    [InlineData(true, null, true, false)]
    [InlineData(false, "left", true, false)]
    [InlineData(false, "nobody", false, false)]
    [InlineData(true, "right", false, false)]
    [InlineData(false, null, true, true)]
    public async Task A_stimulus_reaches_only_whom_it_is_for(bool toLeft, string? correlation, bool left, bool right)
    {
        var store = await OpenAsync();
        var key = $"event:{TenantId}:{Guid.CreateVersion7()}";
        var ids = new List<Guid>();
        foreach (var name in (string[])["left", "right"])
        {
            var leased = await CreatedAsync(store, Instance());
            (await store.CommitAsync(Burst(leased.Lease, Wait(key)) with { CorrelationId = name }, None)).Committed.ShouldBeTrue();
            ids.Add(leased.Lease.InstanceId);
        }

        await store.SendAsync(Broadcast(key) with { InstanceId = toLeft ? ids[0] : null, CorrelationId = correlation }, None);
        (await store.AcquireAsync(ids[0], None) is not null).ShouldBe(left);
        (await store.AcquireAsync(ids[1], None) is not null).ShouldBe(right);
    }

    [Fact]
    public async Task A_commit_sends_to_whom_it_says()
    {
        var store = await OpenAsync();
        var key = $"event:{TenantId}:{Guid.CreateVersion7()}";
        var (first, second) = (await SuspendedAsync(store, Wait(key)), await SuspendedAsync(store, Wait(key)));
        var leased = await CreatedAsync(store, Instance());
        await store.CommitAsync(End(leased.Lease) with { Stimuli = [Broadcast(key) with { InstanceId = second }] }, None);
        (await store.AcquireAsync(first, None)).ShouldBeNull();
        (await store.AcquireAsync(second, None)).ShouldNotBeNull();
    }
}
