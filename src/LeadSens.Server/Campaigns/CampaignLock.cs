using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>A campaign's state while its row is locked: what may change it waits until the transaction ends.</summary>
internal sealed record LockedCampaign(Guid Id, string Status, string? PausedFrom, Guid InstanceId);

internal static class CampaignLock
{
    /// <summary>The run before the campaign, as a burst's commit takes them; the other order would deadlock with it.</summary>
    private const string RunSql = """
        select id from workflow_instances where id = (select workflow_instance_id from campaigns where workspace_id = $1 and id = $2) for update
        """;

    private const string CampaignSql = "select id, status, paused_from, workflow_instance_id from campaigns where workspace_id = $1 and id = $2 for update";

    /// <summary>Locks the campaign and its run; null when the workspace has none with this id.</summary>
    public static async Task<LockedCampaign?> TakeAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(RunSql, cancellationToken, workspaceId, campaignId);
        return await connection.FirstAsync(
            CampaignSql, row => new LockedCampaign(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetGuid(3)), cancellationToken, workspaceId, campaignId);
    }
}
