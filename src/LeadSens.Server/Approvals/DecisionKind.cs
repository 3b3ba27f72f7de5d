namespace LeadSens.Server.Approvals;

/// <summary>What a reviewer may decide.</summary>
internal static class DecisionKind
{
    public static readonly IReadOnlyList<string> All = [Decision.Approve, Decision.Reject, Decision.RequestChanges];
}
