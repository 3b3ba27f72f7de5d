using LeadSens.Engine;
using LeadSens.Server.Approvals;
using LeadSens.Server.Audit;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Event = LeadSens.Engine.BuiltIn.Event;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>What people do to a campaign while it works, at the same moment, without the second try that the use cases have: the order of locks alone must do.</summary>
[Collection(typeof(FindingStages))]
public sealed class CampaignLockTests(StageApp house)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

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
            var cancel = Task.Run(() => AtOnceAsync(barrier, () => AloneAsync(CancelCampaign.WriteAsync, campaign)));

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
                    await AloneAsync(PauseCampaign.WriteAsync, campaign);
                    await AloneAsync(ResumeCampaign.WriteAsync, campaign);
                }
            }));
            await Task.WhenAll(clicks);
            await house.App.ResumeJobsAsync(campaign.Id);
            (await house.App.EndBatchAsync(batch)).ShouldBe("1 1 0 0 0");
        }
    }

    [Fact]
    public async Task A_cancel_that_a_process_died_behind_is_done_by_the_sweep()
    {
        var campaign = await StartedAsync(Graphs.Event("never", "never"));

        (await AloneAsync(CancelCampaign.WriteAsync, campaign)).ShouldBeNull();

        await StandsAsync(campaign, "Cancelled Cancelled");
    }

    [Fact]
    public async Task A_retry_that_a_process_died_behind_is_done_by_the_sweep()
    {
        var campaign = await StartedAsync(Graphs.Box("stop", "Elsa.Fault", "message", "first"));
        await StandsAsync(campaign, "Faulted Faulted");
        var faults = await JournalAsync(campaign, "Faulted");

        (await AloneAsync(ResumeCampaign.WriteAsync, campaign)).ShouldBeNull();

        await Eventually.Be(async () => await JournalAsync(campaign, "Faulted") == faults + 1, Patience);
        await StandsAsync(campaign, "Faulted Faulted");
        (await house.Db.ScalarAsync<string>("select fault from campaigns where id = $1", campaign.Id)).ShouldNotBeNull().ShouldContain("first");
    }

    [Fact]
    public async Task A_pause_and_a_resume_that_a_process_died_behind_hold()
    {
        var campaign = await StartedAsync(Graphs.Event("go", "go"), Graphs.WriteLine("end", "done"));

        (await AloneAsync(PauseCampaign.WriteAsync, campaign)).ShouldBeNull();
        await house.App.Services.GetRequiredService<WorkflowService>().SendAsync(
            new(Event.Key(campaign.WorkspaceId, "go"), $"go {campaign.Id}", StimulusKind.Broadcast), None);
        await StandsAsync(campaign, "Paused Suspended");
        (await JournalAsync(campaign, "Resumed")).ShouldBe(0);

        // Nobody is woken: whoever looks by itself goes on with it.
        (await AloneAsync(ResumeCampaign.WriteAsync, campaign)).ShouldBeNull();

        await StandsAsync(campaign, "Completed Finished");
    }

    [Fact]
    public async Task What_is_cancelled_or_paused_before_its_run_is_there_starts_none()
    {
        var (cancelled, paused) = (await StartedAsync(), await StartedAsync());
        foreach (var campaign in (ReviewedCampaign[])[cancelled, paused])
            await house.Db.ExecuteAsync("update campaigns set status = 'Paused', paused_from = 'Running', workflow = 'waits' where id = $1", campaign.Id);
        var start = house.App.Services.GetRequiredService<CampaignStart>();
        (await AloneAsync(CancelCampaign.WriteAsync, cancelled)).ShouldBeNull();

        // Whoever had begun to start them comes late.
        foreach (var campaign in (ReviewedCampaign[])[cancelled, paused])
        {
            using var scope = DatabaseScope.Work(campaign.WorkspaceId);
            await start.RunAsync(campaign.WorkspaceId, campaign.Id, None);
        }

        (await house.Db.ScalarAsync<long>("select count(*) from workflow_instances where id = any($1)", new[] { cancelled.InstanceId, paused.InstanceId })).ShouldBe(0);
        (await AloneAsync(ResumeCampaign.WriteAsync, paused)).ShouldBeNull();
        await StandsAsync(paused, "Running Suspended");
    }

    /// <summary>A campaign whose run has come to rest in a graph of these boxes; without any it has no run.</summary>
    private async Task<ReviewedCampaign> StartedAsync(params System.Text.Json.Nodes.JsonObject[] boxes)
    {
        var campaign = await ReviewedCampaign.CreateAsync(house.Db, 1);
        // Until its run is there nobody takes it for one that has yet to be started.
        await house.Db.ExecuteAsync("update campaigns set status = 'Draft', workflow = 'waits' where id = $1", campaign.Id);
        await house.Db.ExecuteAsync("delete from workflow_instances where id = $1", campaign.InstanceId);
        var graph = Graphs.Line("waits", boxes.Length == 0 ? [Graphs.Event("never", "never")] : boxes);
        await house.App.Services.GetRequiredService<DefinitionStore>().SaveAsync(campaign.WorkspaceId, graph, publish: true, None);
        if (boxes.Length == 0) return campaign;
        using var scope = DatabaseScope.Work(campaign.WorkspaceId);
        (await house.App.Services.GetRequiredService<StartCampaign>().RunAsync(Owner(campaign), new(campaign.Id), None)).Refusal.ShouldBeNull();
        await Eventually.Be(async () => await house.Db.ScalarAsync<string>("select sub_status from workflow_instances where id = $1", campaign.InstanceId) is "Suspended" or "Faulted", Patience);
        return campaign;
    }

    /// <summary>Until the campaign and its run stand so, and nothing is wished any more.</summary>
    private Task StandsAsync(ReviewedCampaign campaign, string states) => Eventually.Be(async () => await house.Db.ScalarAsync<string>("""
        select c.status || ' ' || i.sub_status from campaigns c join workflow_instances i on i.id = c.workflow_instance_id where c.id = $1 and c.run_wish is null
        """, campaign.Id) == states, Patience, states);

    private Task<long> JournalAsync(ReviewedCampaign campaign, string what) =>
        house.Db.ScalarAsync<long>("select count(*) from workflow_journal where instance_id = $1 and event_name = $2 and activity_type <> 'Elsa.Flowchart'", campaign.InstanceId, what);

    private JobControl Jobs => house.App.Services.GetRequiredService<JobControl>();

    private static Caller Owner(ReviewedCampaign campaign) => new(campaign.WorkspaceId, "user:owner", Roles.Owner, Roles.Of(Roles.Owner), AuditActor.System);

    /// <summary>The transaction once, and nothing of what comes after it.</summary>
    private async Task<Refusal?> AloneAsync(Func<NpgsqlConnection, JobControl, Caller, Guid, CancellationToken, Task<Outcome<Done>>> write,
        ReviewedCampaign campaign)
    {
        await using var connection = await house.Db.DataSource.OpenConnectionAsync(None);
        await using var transaction = await connection.BeginTransactionAsync(None);
        var outcome = await write(connection, Jobs, Owner(campaign), campaign.Id, None);
        await transaction.CommitAsync(None);
        return outcome.Refusal;
    }

    private static async Task<T> AtOnceAsync<T>(Barrier barrier, Func<Task<T>> act)
    {
        barrier.SignalAndWait();
        return await act();
    }
}
