
namespace LeadSens.Server.Push;

/// <summary>Where a campaign's leads go, and with which right.</summary>
/// <param name="Fence">The writer's; an older writer can mark nothing.</param>
internal sealed record PushTarget(Guid WorkspaceId, Guid CampaignId, ProviderAccount Account, string ProviderCampaignId, long Fence, IntentTimes Times)
{
    public const string Kind = "lead.add";
}
