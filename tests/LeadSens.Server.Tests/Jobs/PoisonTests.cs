using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>What breaks each time for one job, one batch or one account holds up no other.</summary>
public sealed class PoisonTests : JobsTest
{
    [Fact]
    public async Task A_checkpoint_that_cannot_be_stored_holds_up_neither_its_own_job_nor_the_others()
    {
        var (poisoned, others) = (0, new TaskCompletionSource());
        var work = new TestWork(async (_, progress, token) =>
        {
            if (Interlocked.Increment(ref poisoned) == 1)
            {
                progress.Checkpoint(JsonElement.Parse("\"\\u0000\""));
                await others.Task.WaitAsync(token);
            }
            else
            {
                progress.Checkpoint(JsonElement.Parse("7"));
            }

            return "done";
        });
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(6));

        await Eventually.Be(async () => await CountAsync(batch, "Completed") == 5);
        others.SetResult();

        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("6 6 0 0 0");
        (await Db.ScalarAsync<long>("select count(*) from jobs where checkpoint = '7'")).ShouldBe(5);
    }

    [Fact]
    public async Task An_input_that_cannot_be_read_fails_its_job_alone()
    {
        var campaign = await CampaignAsync(9);
        var broken = await Db.ScalarAsync<Guid>("select id from leads where campaign_id = $1 order by id offset 4 limit 1", campaign);
        var batch = await OpenAsync(await NodeAsync(new TestWork { IsReadable = job => job.LeadId != broken }), campaign);

        await CompletedAsync(batch);

        (await CountsAsync(batch)).ShouldBe("9 8 0 1 0");
        (await Db.ScalarAsync<Guid>("select lead_id from jobs where state = 'Failed'")).ShouldBe(broken);
    }

    [Fact]
    public async Task A_workspace_whose_account_cannot_be_read_holds_up_no_other()
    {
        var other = Guid.CreateVersion7();
        await AddWorkspaceAsync(other);
        var broken = true;
        var node = await NodeAsync(new TestWork { CostsOf = workspace => broken && workspace == Workspace ? throw new FormatException("unreadable") : [] });
        var first = await OpenAsync(node, await CampaignAsync(2));
        var second = await OpenAsync(node, await CampaignAsync(2, other), other);

        await CompletedAsync(second);
        (await CountAsync(first, "Queued")).ShouldBe(2);
        broken = false;
        await CompletedAsync(first);
    }

    [Fact]
    public async Task What_a_node_claimed_while_it_stopped_is_free_at_once_and_no_death_is_counted()
    {
        var node = await NodeAsync(new TestWork(), ("Jobs:Sweep", "00:01:00"));
        var batch = await OpenAsync(node, await CampaignAsync(1));
        await CompletedAsync(batch);
        // As when the claim was written and its answer never came.
        await Db.ExecuteAsync("update batches set state = 'Running', is_open = true, completed = 0, completed_at = null where id = $1", batch);
        await Db.ExecuteAsync(
            "update jobs set state = 'Running', ended_at = null, claim_token = gen_random_uuid(), node_id = $2, lease_until = clock_now() + interval '1 minute' where batch_id = $1", batch, node.Get<NodeIdentity>().Id);

        await node.DisposeAsync();

        (await Db.ScalarAsync<string>("select state || ' ' || deaths from jobs where batch_id = $1", batch)).ShouldBe("Queued 0");
        await NodeAsync();
        await CompletedAsync(batch);
    }

    [Fact]
    public async Task A_rule_whose_writing_was_interrupted_is_written_by_the_next()
    {
        var registry = new LimitRegistry();
        using var limits = new Limits(Db.DataSource, new(TimeProvider.System), registry, new NodeIdentity(), TimeProvider.System);
        registry.Set("acme:one", new(5));
        registry.Set("acme:two", new(3));
        await using (var blocking = await DataSource.OpenConnectionAsync(CancellationToken.None))
        await using (var transaction = await blocking.BeginTransactionAsync())
        {
            await blocking.ExecuteAsync("lock table limits", CancellationToken.None);
            using var caller = new CancellationTokenSource();
            var refresh = limits.RefreshAsync(caller.Token);
            await Eventually.Be(() => Db.ScalarAsync<bool>("select exists (select from pg_locks where not granted and relation = 'limits'::regclass)"));
            await caller.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => refresh);
            // What was set meanwhile counts.
            registry.Set("acme:one", new(7));
        }

        await limits.RefreshAsync(CancellationToken.None);

        (await Db.ListAsync<double>("select per_second from limits order by key")).ShouldBe([7, 3]);
        registry.HasUnwritten.ShouldBeFalse();
    }
}
