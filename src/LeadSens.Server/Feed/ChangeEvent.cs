using LeadSens.Server.Api;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Changes;

namespace LeadSens.Server.Feed;

/// <summary>Something changed in the workspace, as the feed tells it.</summary>
/// <param name="Type">What changed. <c>reset</c>: more than can be told may have, as at the beginning; whatever is shown has to be read anew.</param>
/// <param name="Id">Of what changed; null for <c>reset</c>.</param>
/// <param name="Campaign">A campaign's figures as they are now; null for everything else.</param>
internal sealed record ChangeEvent([property: OneOf(typeof(ChangeType))] string Type, Guid? Id, CampaignChange? Campaign);

/// <summary>What the feed tells of.</summary>
internal static class ChangeType
{
    public const string Reset = "reset";

    public static readonly IReadOnlyList<string> All = [Reset, ChangeKind.Campaign, ChangeKind.Approval, ChangeKind.Connection, ChangeKind.Run];
}
