using LeadSens.Activities;
using LeadSens.Server.Data;

namespace LeadSens.Server.Campaigns;

/// <summary>Answers the boxes' question whether a campaign is their workspace's.</summary>
internal sealed class RunCampaigns(Database database) : ICampaigns
{
    private const string Sql = "select true from campaigns where workspace_id = $1 and id = $2";

    public async ValueTask<bool> HasAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken) =>
        await database.FirstAsync(Sql, row => row.GetBoolean(0), cancellationToken, workspaceId, campaignId);
}
