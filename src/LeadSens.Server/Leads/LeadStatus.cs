namespace LeadSens.Server.Leads;

/// <summary>Where a lead is in the pipeline.</summary>
internal static class LeadStatus
{
    public static readonly IReadOnlyList<string> All =
    [
        "New", "Sourced", "Duplicate", "Suppressed", "Scored", "Skipped", "Qualified", "Drafted", "Approved", "Rejected", "Pushed", "Synced",
        "Replied", "Bounced", "Unsubscribed", "Failed",
    ];
}
