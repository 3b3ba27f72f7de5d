using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Moves a campaign's status along with its run, on the connection of the transaction that moves the run. A paused campaign
/// stays paused and remembers where it goes on.</summary>
internal static class CampaignProgress
{
    private const string MoveSql = """
        update campaigns
        set status = case when status = 'Paused' then status else $2 end,
            paused_from = case when status = 'Paused' then $2 end,
            waits_for = $3
        where workspace_id = $4 and id = $1 and status in ('Running', 'AwaitingApproval', 'Paused')
        """;

    /// <summary>The run stops at an approval.</summary>
    /// <param name="waitsFor">What the user reads, for example <c>approval of 98 leads</c>.</param>
    public static Task AwaitApprovalAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, string waitsFor, CancellationToken cancellationToken) =>
        MoveAsync(connection, workspaceId, campaignId, CampaignStatus.AwaitingApproval, waitsFor, cancellationToken);

    /// <summary>The run goes on after an approval, whatever was decided.</summary>
    public static Task GoOnAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken) =>
        MoveAsync(connection, workspaceId, campaignId, CampaignStatus.Running, null, cancellationToken);

    private static async Task MoveAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, string status, string? waitsFor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MoveSql, connection);
        command.Parameters.Add(new() { Value = campaignId });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = (object?)waitsFor ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = workspaceId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
