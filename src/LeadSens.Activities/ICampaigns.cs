namespace LeadSens.Activities;

/// <summary>Knows whose campaign is whose.</summary>
public interface ICampaigns
{
    /// <summary>Whether the workspace has a campaign with this id.</summary>
    ValueTask<bool> HasAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken);
}
