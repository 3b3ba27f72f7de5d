namespace LeadSens.Server.Leads;

/// <summary>Where a lead is in the pipeline. <see cref="LeadMoves"/> says how it gets from one state to another.</summary>
internal static class LeadStatus
{
    public const string New = "New";
    public const string Sourced = "Sourced";
    public const string Duplicate = "Duplicate";
    public const string Suppressed = "Suppressed";
    public const string Scored = "Scored";
    public const string Skipped = "Skipped";
    public const string Qualified = "Qualified";
    public const string Drafted = "Drafted";
    public const string Approved = "Approved";
    public const string Rejected = "Rejected";
    public const string Pushed = "Pushed";
    public const string Synced = "Synced";
    public const string Replied = "Replied";
    public const string Bounced = "Bounced";
    public const string Unsubscribed = "Unsubscribed";
    public const string Failed = "Failed";

    public static readonly IReadOnlyList<string> All =
    [
        New, Sourced, Duplicate, Suppressed, Scored, Skipped, Qualified, Drafted, Approved, Rejected, Pushed, Synced, Replied, Bounced, Unsubscribed, Failed,
    ];
}
