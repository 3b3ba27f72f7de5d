using System.Text.Json.Nodes;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

public sealed class BatchTests : JobsTest
{
    [Fact]
    public async Task Every_job_runs_once_and_the_batch_tells_its_counts_once()
    {
        var work = new TestWork(job => job.Id.ToByteArray()[15] % 2 == 0 ? "done" : new JobOutcome<string>.Skipped("odd"));
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(300));
        await CompletedAsync(batch);
        work.Runs.Count.ShouldBe(300);
        work.Runs.Values.ShouldAllBe(runs => runs == 1);
        (await Db.ScalarAsync<long>("select count(distinct lead_id) from saved")).ShouldBe(300);
        var told = await Db.ListAsync<string>("select payload::text from stimuli where key = $1", $"batch:{batch}");
        told.Count.ShouldBe(1);
        var counts = JsonNode.Parse(told[0])!;
        counts["total"]!.GetValue<int>().ShouldBe(300);
        (counts["completed"]!.GetValue<int>() + counts["skipped"]!.GetValue<int>()).ShouldBe(300);
        (await CountsAsync(batch)).ShouldBe($"300 {counts["completed"]} {counts["skipped"]} 0 0");
    }

    [Fact]
    public async Task An_empty_batch_completes_at_its_creation()
    {
        var batch = await OpenAsync(await NodeAsync(), await CampaignAsync(0));
        (await StateAsync(batch)).ShouldBe("Completed");
        (await Db.ScalarAsync<long>("select count(*) from stimuli where key = $1", $"batch:{batch}")).ShouldBe(1);
    }

    [Fact]
    public async Task Two_nodes_on_one_batch_run_every_job_once()
    {
        var one = new TestWork(async (_, _, token) => { await Provider.AnswersAfterAsync(2, token); return "one"; });
        var two = new TestWork(async (_, _, token) => { await Provider.AnswersAfterAsync(2, token); return "two"; }) { Runs = one.Runs };
        var first = await NodeAsync(one);
        await NodeAsync(two);
        var batch = await OpenAsync(first, await CampaignAsync(2_000));
        await CompletedAsync(batch);
        one.Runs.Count.ShouldBe(2_000);
        one.Runs.Values.ShouldAllBe(runs => runs == 1);
        (await Db.ScalarAsync<long>("select count(*) from saved")).ShouldBe(2_000);
        one.Order.ShouldNotBeEmpty();
        two.Order.ShouldNotBeEmpty();
        (await Db.ScalarAsync<long>("select count(*) from stimuli where key = $1", $"batch:{batch}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_zombies_result_is_dropped_after_its_lease()
    {
        var hung = new TaskCompletionSource();
        var zombie = new TestWork(async (_, _, _) => { await hung.Task; return "zombie"; });
        var campaign = await CampaignAsync(1);
        var node = await NodeAsync(zombie, ("Jobs:Sweep", "00:01:00"));
        var batch = await OpenAsync(node, campaign);
        await Eventually.Be(() => zombie.Order.Count == 1);
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(61));
        await NodeAsync(new TestWork(_ => "alive"));
        await CompletedAsync(batch);
        hung.SetResult();
        // A node that stops writes what it still has.
        await node.DisposeAsync();
        (await Db.ListAsync<string>("select result from saved")).ShouldBe(["alive"]);
        (await CountsAsync(batch)).ShouldBe("1 1 0 0 0");
    }

    [Fact]
    public async Task Jobs_of_a_node_whose_session_ended_are_reclaimed_at_once()
    {
        var hung = new TestWork(async (_, _, token) => { await Provider.AnswersAfterAsync(Timeout.Infinite, token); return "never"; });
        var campaign = await CampaignAsync(3);
        var lost = await NodeAsync(hung, ("Jobs:Sweep", "00:01:00"));
        var batch = await OpenAsync(lost, campaign);
        await Eventually.Be(() => hung.Order.Count == 3);
        // As when its process is killed: the node's row is there, nobody holds its lock.
        await Db.ExecuteAsync("update jobs set node_id = $1", await Db.ScalarAsync<Guid>(
            "insert into nodes (id, advisory_key) values ($1, 4711) returning id", Guid.CreateVersion7()));
        await NodeAsync(new TestWork());
        await CompletedAsync(batch, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_failed_job_fails_neither_the_others_nor_the_batch()
    {
        var count = 0;
        var work = new TestWork(_ => Interlocked.Increment(ref count) == 1 ? Failure(ProviderFailureKind.Invalid) : "done");
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(10));
        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("10 9 0 1 0");
        (await Db.ScalarAsync<string>("select failure from batches where id = $1", batch)).ShouldBe("acme answered Invalid");
    }

    [Fact]
    public async Task A_result_that_cannot_be_saved_fails_its_job_alone()
    {
        await Db.ExecuteAsync("alter table saved add check (result <> 'poison')");
        var count = 0;
        var work = new TestWork(_ => Interlocked.Increment(ref count) == 7 ? "poison" : "done");
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(20));
        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("20 19 0 1 0");
    }

    [Fact]
    public async Task An_exception_ends_its_job_as_failed()
    {
        var work = new TestWork(_ => throw new InvalidOperationException("bug"));
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(2));
        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("2 0 0 2 0");
    }

    [Fact]
    public async Task Failed_jobs_are_tried_again_as_a_new_batch_once()
    {
        var broken = true;
        var work = new TestWork(_ => broken ? Failure(ProviderFailureKind.Invalid) : "done");
        var node = await NodeAsync(work);
        var batch = await OpenAsync(node, await CampaignAsync(4));
        await CompletedAsync(batch);
        broken = false;
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        var again = await JobRetry.RetryAsync(connection, [], Workspace, batch);
        (await JobRetry.RetryAsync(connection, [], Workspace, batch)).ShouldBeNull();
        node.Get<JobSignal>().Wake();
        await CompletedAsync(again!.Value);
        (await CountsAsync(again.Value)).ShouldBe("4 4 0 0 0");
        (await CountsAsync(batch)).ShouldBe("4 0 0 4 0");
    }

    [Fact]
    public async Task Failed_jobs_of_a_cancelled_campaign_are_not_tried_again_unless_they_reconcile_what_they_began()
    {
        var campaign = await CampaignAsync(2);
        var batch = await OpenAsync(await NodeAsync(new TestWork(_ => Failure(ProviderFailureKind.Invalid))), campaign);
        await CompletedAsync(batch);
        await Db.ExecuteAsync("update campaigns set status = 'Cancelled' where id = $1", campaign);
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);

        (await JobRetry.RetryAsync(connection, [], Workspace, batch)).ShouldBeNull();
        (await JobRetry.RetryAsync(connection, [TestWork.DefaultKind], Workspace, batch)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Numbers_of_many_flushes_add_up_in_the_batchs_result()
    {
        var batch = await OpenAsync(await NodeAsync(), await CampaignAsync(1));
        await CompletedAsync(batch);
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await BatchResult.AddAsync(connection, batch, new JsonObject { ["counted"] = 40, ["listId"] = "a" });
        await BatchResult.AddAsync(connection, batch, new JsonObject { ["counted"] = 2, ["listId"] = "b" });
        var result = JsonNode.Parse((await Db.ScalarAsync<string>("select result::text from batches where id = $1", batch))!)!;
        result["counted"]!.GetValue<int>().ShouldBe(42);
        result["listId"]!.GetValue<string>().ShouldBe("b");
    }
}
