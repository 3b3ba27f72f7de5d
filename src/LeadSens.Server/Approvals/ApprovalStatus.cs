namespace LeadSens.Server.Approvals;

/// <summary>Where an approval is.</summary>
internal static class ApprovalStatus
{
    public const string Pending = "pending";
    public const string Approved = "approved";
    public const string Rejected = "rejected";
    public const string ChangesRequested = "changes_requested";
    public const string TimedOut = "timed_out";
    public const string Cancelled = "cancelled";

    public static readonly IReadOnlyList<string> All = [Pending, Approved, Rejected, ChangesRequested, TimedOut, Cancelled];

    /// <summary>The box's outcome for it.</summary>
    public static string Outcome(string status) => status switch
    {
        Approved => "Approved",
        Rejected => "Rejected",
        ChangesRequested => "ChangesRequested",
        TimedOut or Cancelled => "TimedOut",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "An approval that is not decided has no outcome."),
    };
}
