using LeadSens.Server.Data;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Campaigns;

/// <summary>Does to runs what was decided about their campaigns. The wish is a column that the decision's transaction sets, so neither a client that leaves nor a crash
/// loses it; doing it twice does it once.</summary>
internal sealed class RunWishes(SystemDatabase all, Database database, WorkflowService workflows, ILogger<RunWishes> logger)
{
    public const string Cancel = "cancel", Retry = "retry";

    private const string DueSql = "select workspace_id, id from campaigns where run_wish is not null order by random() limit 100";

    private const string ReadSql = "select run_wish, workflow_instance_id from campaigns where workspace_id = $1 and id = $2 and run_wish is not null";

    private const string DoneSql = "update campaigns set run_wish = null where workspace_id = $1 and id = $2 and run_wish = $3";

    private const string ExcludedSql = """
        update campaigns set run_wish = null, status = 'Faulted', fault = 'Another run of its workflow has not ended.', finished_at = now()
        where workspace_id = $1 and id = $2 and run_wish = 'retry' and status = 'Running'
        """;

    /// <summary>What is left from processes that died.</summary>
    public async Task FulfilAllAsync(CancellationToken cancellationToken)
    {
        foreach (var (workspaceId, campaignId) in await all.ListAsync(DueSql, row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken))
        {
            using var scope = DatabaseScope.Work(workspaceId);
            try
            {
                await FulfilAsync(workspaceId, campaignId, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // One whose run cannot be reached holds up no other; it is tried again.
                Log.WishFailed(logger, failure, campaignId);
            }
        }
    }

    /// <summary>False when another run keeps the campaign's from running again.</summary>
    public async Task<bool> FulfilAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        var (wish, run) = await database.FirstAsync(ReadSql, row => (row.GetString(0), row.GetGuid(1)), cancellationToken, workspaceId, campaignId);
        if (wish is null) return true;
        var retried = RetryOutcome.Retried;
        if (wish == Cancel)
        {
            if (await workflows.CancelAsync(run, "The campaign was cancelled.", cancellationToken) == CancelOutcome.Busy) return true;
        }
        else retried = await workflows.RetryAsync(run, null, cancellationToken);
        // Whoever holds the run may have died with it: the wish stands until the run was cancelled or retried, or needs neither any more.
        if (retried == RetryOutcome.Busy) return true;
        if (retried == RetryOutcome.Excluded)
        {
            await database.ExecuteAsync(ExcludedSql, cancellationToken, workspaceId, campaignId);
            return false;
        }

        await database.ExecuteAsync(DoneSql, cancellationToken, workspaceId, campaignId, wish);
        return true;
    }
}
