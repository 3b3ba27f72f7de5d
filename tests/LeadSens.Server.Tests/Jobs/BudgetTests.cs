using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

public sealed class BudgetTests : JobsTest
{
    [Fact]
    public async Task A_budget_is_a_hard_cap_and_the_batch_says_so()
    {
        var work = new TestWork(async (job, _, _) =>
        {
            await Db.ExecuteAsync("update campaigns set cost_usd = cost_usd + 0.01 where id = $1", job.CampaignId);
            return "done";
        }) { Cost = 0.01m };
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(30, budget: 0.105m);
        var batch = await OpenAsync(node, campaign);
        await Eventually.Be(async () => await PausedAsync(batch) == PauseReason.BudgetExceeded);
        work.Order.Count.ShouldBe(10);
        (await CountAsync(batch, "Queued")).ShouldBe(20);
        (await Db.ScalarAsync<decimal>("select cost_reserved_usd from campaigns")).ShouldBe(0);

        await Db.ExecuteAsync("update campaigns set budget_usd = 1");
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await node.Get<JobControl>().ResumeAsync(connection, Workspace, campaign);
        node.Get<JobControl>().Wake();
        await CompletedAsync(batch);
        await Eventually.Be(async () => await Db.ScalarAsync<decimal>("select cost_reserved_usd from campaigns") == 0);
    }

    [Fact]
    public async Task What_cannot_be_given_back_to_one_campaign_holds_up_no_job_of_another()
    {
        var (broken, other) = (await CampaignAsync(1, budget: 10), await CampaignAsync(1, budget: 10));
        var node = await NodeAsync(new TestWork { Cost = 0.01m });
        await CompletedAsync(await OpenAsync(node, broken));
        await Db.ExecuteAsync($"""
            create function keep_reserved() returns trigger language plpgsql as $$ begin raise 'kept'; end $$;
            create trigger keep_reserved before update on campaigns for each row
                when (new.id = '{broken}' and new.cost_reserved_usd < old.cost_reserved_usd) execute function keep_reserved();
            update campaigns set cost_reserved_usd = 1 where id = '{broken}';
            update jobs set reserved_usd = 1, reserved_until = clock_now() - interval '1 second' where campaign_id = '{broken}'
            """);

        await CompletedAsync(await OpenAsync(node, other));
        await Eventually.Be(async () => await Db.ScalarAsync<decimal>("select cost_reserved_usd from campaigns where id = $1", other) == 0);
        (await Db.ScalarAsync<decimal>("select cost_reserved_usd from campaigns where id = $1", broken)).ShouldBe(1);
    }
}
