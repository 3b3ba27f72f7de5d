using System.Collections.Concurrent;
using System.Diagnostics;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

public sealed class LimitTests : JobsTest
{
    private const string Key = "acme:account";

    [Fact]
    public async Task A_rate_holds_for_two_nodes_together_and_is_used_up()
    {
        var starts = new ConcurrentQueue<long>();
        TestWork Work() => new(_ => { starts.Enqueue(Stopwatch.GetTimestamp()); return "done"; }) { Costs = [new(Key, 1)] };
        var node = await NodeAsync(Work());
        var second = await NodeAsync(Work());
        await SetAsync(new(50, Burst: 5), node, second);
        var batch = await OpenAsync(node, await CampaignAsync(150));
        await CompletedAsync(batch);
        var (first, last) = (starts.Min(), starts.Max());
        var seconds = Stopwatch.GetElapsedTime(first, last).TotalSeconds;
        // 145 calls after the burst, 20 ms apart: 2.9 s.
        seconds.ShouldBeInRange(2.8, 4);
    }

    [Fact]
    public async Task A_claim_takes_no_job_without_a_token()
    {
        var work = new TestWork { Costs = [new(Key, 1)] };
        var node = await NodeAsync(work);
        await SetAsync(new(0.01, Burst: 3), node);
        var batch = await OpenAsync(node, await CampaignAsync(10));
        await Eventually.Be(async () => await CountAsync(batch, "Completed") == 3);
        (await Db.ScalarAsync<long>("select count(*) from jobs where state = 'Queued' and started_at is null")).ShouldBe(7);
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(201));
        await Eventually.Be(async () => await CountAsync(batch, "Completed") == 5);
        (await CountAsync(batch, "Queued")).ShouldBe(5);
    }

    [Fact]
    public async Task Tokens_that_find_no_job_go_back()
    {
        var node = await NodeAsync(new TestWork { Costs = [new(Key, 1)] });
        await SetAsync(new(0.01, Burst: 10), node);
        await CompletedAsync(await OpenAsync(node, await CampaignAsync(4)));
        // Six of the ten are left.
        var second = await OpenAsync(node, await CampaignAsync(10));
        await Eventually.Be(async () => await CountAsync(second, "Completed") == 6);
    }

    [Fact]
    public async Task Concurrency_holds_for_two_nodes_together()
    {
        var (running, most) = (0, 0);
        TestWork Work() => new(async (_, _, token) =>
        {
            var now = Interlocked.Increment(ref running);
            lock (Key) most = Math.Max(most, now);
            await Provider.AnswersAfterAsync(10, token);
            Interlocked.Decrement(ref running);
            return "done";
        }) { Costs = [new(Key, 1)] };
        var node = await NodeAsync(Work());
        var second = await NodeAsync(Work());
        await SetAsync(new(null, Concurrency: 3), node, second);
        await CompletedAsync(await OpenAsync(node, await CampaignAsync(120)));
        most.ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task Calls_outside_a_claim_wait_for_the_same_limit()
    {
        var node = await NodeAsync();
        var second = await NodeAsync();
        await SetAsync(new(20, Burst: 1), node, second);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            using var hold = await (n % 2 == 0 ? node : second).Get<Limits>().EnterAsync(Key, default);
        }));
        watch.Elapsed.TotalSeconds.ShouldBeInRange(0.9, 3);
    }

    [Fact]
    public async Task An_account_without_a_rule_costs_no_row()
    {
        var node = await NodeAsync(new TestWork { Costs = [new(Key, 1)] });
        node.Get<LimitRegistry>().Set(Key, LimitRule.None);
        await CompletedAsync(await OpenAsync(node, await CampaignAsync(5)));
        using (await node.Get<Limits>().EnterAsync(Key, default)) { }
        (await Db.ScalarAsync<long>("select count(*) from limits")).ShouldBe(0);
    }

    private static async Task SetAsync(LimitRule rule, params JobNode[] nodes)
    {
        foreach (var node in nodes)
        {
            node.Get<LimitRegistry>().Set(Key, rule);
            await node.Get<Limits>().RefreshAsync(default);
        }
    }
}
