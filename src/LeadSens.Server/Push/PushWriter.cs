using LeadSens.Server.Data;
using LeadSens.Server.Jobs;

namespace LeadSens.Server.Push;

/// <summary>One writer per campaign. Each attempt of the push job takes a higher fence; whoever holds an older one (a process that lost
/// its lease and woke up again) can mark no lead as sending, and looks again right before it sends.</summary>
internal sealed class PushWriter(Database database)
{
    /// <summary>The new fence; 0 when the job's claim is lost already.</summary>
    public async Task<long> TakeAsync(ClaimedJob job, CancellationToken cancellationToken) =>
        await database.Sql("""
            insert into push_writers (campaign_id, workspace_id, fence, job_id, taken_at)
            select campaign_id, workspace_id, 1, id, clock_now() from jobs where campaign_id = $1 and id = $2 and claim_token = $3 and state = 'Running'
            on conflict (campaign_id) do update set fence = push_writers.fence + 1, job_id = excluded.job_id, taken_at = excluded.taken_at
            returning fence
            """, job.RequireCampaign(), job.Id, job.ClaimToken).FirstAsync(row => row.GetInt64(0), cancellationToken);

    public Task<bool> HoldsAsync(PushTarget target, CancellationToken cancellationToken) =>
        database.Sql("select fence = $2 from push_writers where campaign_id = $1", target.CampaignId, target.Fence).FirstAsync(row => row.GetBoolean(0), cancellationToken);
}
