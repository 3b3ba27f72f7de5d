using LeadSens.Server.Jobs;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>What a job, a step or a lone call holds of an account that allows one call at a time.</summary>
public sealed class PlaceTests : JobsTest
{
    private const string Key = "acme:account";

    [Fact]
    public async Task A_job_makes_all_its_calls_under_its_one_place()
    {
        JobNode node = null!;
        var (running, most) = (0, 0);
        var work = new TestWork(async (_, _, token) =>
        {
            for (var call = 0; call < 3; call++)
            {
                using var turn = await node.Get<Limits>().EnterAsync(Key, token);
                most = Math.Max(most, Interlocked.Increment(ref running));
                Interlocked.Decrement(ref running);
            }

            return "done";
        }) { Costs = [new(Key, 1)] };
        node = await LimitedAsync(work);
        var batch = await OpenAsync(node, await CampaignAsync(4));

        await CompletedAsync(batch);
        most.ShouldBe(1);
        Used(node).ShouldBe(0);
    }

    [Fact]
    public async Task A_step_that_reserved_its_call_reads_back_under_the_same_place()
    {
        var node = await LimitedAsync();
        using (var reserved = node.Get<Limits>().Reserve(Key))
        {
            await reserved.WaitAsync(default);
            Used(node).ShouldBe(1);
            for (var call = 0; call < 3; call++)
                using (await node.Get<Limits>().EnterAsync(Key, default)) { }
            Used(node).ShouldBe(1);
        }

        Used(node).ShouldBe(0);
    }

    [Fact]
    public async Task Many_callers_take_turns_and_none_waits_for_ever()
    {
        var node = await LimitedAsync();
        var (running, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var turn = await node.Get<Limits>().EnterAsync(Key, default);
            lock (Key) most = Math.Max(most, ++running);
            await Task.Yield();
            lock (Key) running--;
        }));
        most.ShouldBe(1);
        Used(node).ShouldBe(0);
    }

    [Fact]
    public async Task No_place_is_lost_when_the_database_cannot_grant_it()
    {
        var node = await LimitedAsync();
        await Db.ExecuteAsync("alter function take_limits rename to take_no_limits");
        await Should.ThrowAsync<Npgsql.PostgresException>(async () => await node.Get<Limits>().EnterAsync(Key, default));
        using (var reserved = node.Get<Limits>().Reserve(Key))
            await Should.ThrowAsync<Npgsql.PostgresException>(async () => await reserved.WaitAsync(default));
        Used(node).ShouldBe(0);
        await Db.ExecuteAsync("alter function take_no_limits rename to take_limits");
        using (await node.Get<Limits>().EnterAsync(Key, default)) Used(node).ShouldBe(1);
    }

    [Fact]
    public async Task No_place_is_lost_when_its_caller_leaves()
    {
        var node = await LimitedAsync();
        using (await node.Get<Limits>().EnterAsync(Key, default))
        {
            using var leaves = new CancellationTokenSource();
            var waiting = node.Get<Limits>().EnterAsync(Key, leaves.Token).AsTask();
            await leaves.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(waiting);
        }

        Used(node).ShouldBe(0);
    }

    private static int Used(JobNode node) => node.Get<LimitBook>().Used(Key);

    private async Task<JobNode> LimitedAsync(TestWork? work = null)
    {
        var node = await NodeAsync(work);
        node.Get<LimitRegistry>().Set(Key, new(null, Concurrency: 1));
        await node.Get<Limits>().RefreshAsync(default);
        return node;
    }
}
