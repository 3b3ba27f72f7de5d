namespace LeadSens.Server.Campaigns;

/// <summary>Where a campaign is, as users read it.</summary>
internal static class CampaignStatus
{
    public const string Draft = "Draft";
    public const string Running = "Running";
    public const string AwaitingApproval = "AwaitingApproval";
    public const string Paused = "Paused";
    public const string Completed = "Completed";
    public const string Cancelled = "Cancelled";
    public const string Faulted = "Faulted";

    public static readonly IReadOnlyList<string> All = [Draft, Running, AwaitingApproval, Paused, Completed, Cancelled, Faulted];
}
