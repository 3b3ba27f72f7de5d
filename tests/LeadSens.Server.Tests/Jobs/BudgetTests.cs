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
}
