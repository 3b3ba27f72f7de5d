using LeadSens.Server.Approvals;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>What people do to a campaign while it works, at the same moment, without the second try that the use cases have: the order of locks alone must do.</summary>
[Collection(typeof(FindingStages))]
public sealed class CampaignLockTests(StageApp house)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_decision_and_a_cancel_at_once_both_end_and_the_cancel_holds()
    {
        for (var round = 0; round < 20; round++)
        {
            var campaign = await ReviewedCampaign.CreateAsync(house.Db, 3);
            var approval = await campaign.AskAsync();
            var seen = await campaign.HashAsync(approval);
            using var barrier = new Barrier(2);

            var decision = Task.Run(() => AtOnceAsync(barrier, () => campaign.Decide().ExecuteAsync(approval, new("approve", null, []), new("anna", campaign.WorkspaceId, seen), None)));
            var cancel = Task.Run(() => AtOnceAsync(barrier, () => CancelCampaign.WriteAsync(campaign.Id, Owner(campaign), house.Db.DataSource, Jobs, None)));

            (await cancel).ShouldBeNull("it was cancelled");
            var decided = await decision is DecisionResult.Decided;
            (await house.Db.ScalarAsync<string>("select status from campaigns where id = $1", campaign.Id)).ShouldBe("Cancelled");
            (await house.Db.ScalarAsync<string>("select status from approvals where id = $1", approval)).ShouldBe(decided ? "approved" : "cancelled");
            await house.Db.ExecuteAsync("update campaigns set run_wish = null where id = $1", campaign.Id);
        }
    }

    [Fact]
    public async Task Pausing_and_resuming_while_a_count_is_saved_never_collide()
    {
        await house.ResetAsync();
        for (var round = 0; round < 12; round++)
        {
            var campaign = await house.SearchAsync(10);
            var batch = await house.App.OpenBatchAsync(campaign, "campaign.count");
            var clicks = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                for (var click = 0; click < 10; click++)
                {
                    await PauseCampaign.WriteAsync(campaign.Id, Owner(campaign), house.Db.DataSource, Jobs, None);
                    await ResumeCampaign.WriteAsync(campaign.Id, Owner(campaign), house.Db.DataSource, Jobs, None);
                }
            }));
            await Task.WhenAll(clicks);
            await house.App.ResumeJobsAsync(campaign.Id);
            (await house.App.EndBatchAsync(batch)).ShouldBe("1 1 0 0 0");
        }
    }

    [Fact]
    public async Task What_a_process_died_before_is_done_by_the_sweep()
    {
        var campaign = await ReviewedCampaign.CreateAsync(house.Db, 1);
        await house.Db.ExecuteAsync("delete from workflow_instances where id = $1", campaign.InstanceId);
        await house.App.Services.GetRequiredService<DefinitionStore>().SaveAsync(campaign.WorkspaceId, Graphs.Line("waits", Graphs.Event("never", "never")), publish: true, None);
        await house.App.Services.GetRequiredService<WorkflowService>().StartAsync("waits", campaign.WorkspaceId, campaign.Id.ToString(), null, campaign.InstanceId, None);

        (await CancelCampaign.WriteAsync(campaign.Id, Owner(campaign), house.Db.DataSource, Jobs, None)).ShouldBeNull();

        await Eventually.Be(async () => await house.Db.ScalarAsync<string>("select sub_status from workflow_instances where id = $1", campaign.InstanceId) == "Cancelled", TimeSpan.FromSeconds(40));
        await Eventually.Be(async () => await house.Db.ScalarAsync<bool>("select run_wish is null from campaigns where id = $1", campaign.Id), TimeSpan.FromSeconds(40));
    }

    private JobControl Jobs => house.App.Services.GetRequiredService<JobControl>();

    private static WorkspaceContext Owner(ReviewedCampaign campaign) => new(campaign.WorkspaceId, "user:owner");

    private static async Task<T> AtOnceAsync<T>(Barrier barrier, Func<Task<T>> act)
    {
        barrier.SignalAndWait();
        return await act();
    }
}
