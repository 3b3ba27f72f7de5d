using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>A campaign's state while its row is locked: what may change it waits until the transaction ends.</summary>
internal sealed record LockedCampaign(Guid Id, string Status, string? PausedFrom, Guid InstanceId);

/// <summary>The one order of locks: campaign, batches, approvals, leads, keys of stimuli, run. Whoever takes more than one of them takes the campaign first, by these
/// statements; a burst, which holds its run, takes it before that (<see cref="Workflows.SqlWrite"/>). The lock leaves the foreign keys of rows below the campaign alone
/// (<c>for no key update</c>): whoever adds a lead or a receipt does not wait for a pause.</summary>
internal static class CampaignLock
{
    private const string CampaignSql = "select id, status, paused_from, workflow_instance_id from campaigns where workspace_id = $1 and id = $2 for no key update";

    private const string AllSql = """
        select c.id from campaigns c join unnest($1::uuid[], $2::uuid[]) as w (workspace_id, id) on c.workspace_id = w.workspace_id and c.id = w.id
        order by c.id for no key update of c
        """;

    private const string ApprovalSql = """
        select c.id from campaigns c join approvals a on a.workspace_id = c.workspace_id and a.campaign_id = c.id
        where a.workspace_id = $1 and a.id = $2 for no key update of c
        """;

    /// <summary>Locks the campaign; null when the workspace has none with this id.</summary>
    public static Task<LockedCampaign?> TakeAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken) => connection.FirstAsync(
        CampaignSql, row => new LockedCampaign(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetGuid(3)), cancellationToken, workspaceId, campaignId);

    /// <summary>Locks several, in the order of their ids.</summary>
    public static Task<int> TakeAllAsync(NpgsqlConnection connection, IReadOnlyCollection<(Guid WorkspaceId, Guid Id)> campaigns, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(AllSql, cancellationToken, campaigns.Select(campaign => campaign.WorkspaceId).ToArray(), campaigns.Select(campaign => campaign.Id).ToArray());

    /// <summary>Locks an approval's campaign; empty when the workspace has no such approval.</summary>
    public static Task<Guid> TakeOfApprovalAsync(NpgsqlConnection connection, Guid workspaceId, Guid approvalId, CancellationToken cancellationToken) =>
        connection.FirstAsync(ApprovalSql, row => row.GetGuid(0), cancellationToken, workspaceId, approvalId);
}
