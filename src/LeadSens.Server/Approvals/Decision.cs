using LeadSens.Server.Audit;

namespace LeadSens.Server.Approvals;

/// <summary>What a reviewer decided.</summary>
/// <param name="Kind">For every lead without a choice of its own: approve, reject, requestChanges.</param>
/// <param name="Leads">Leads with a choice, a comment or edits of their own.</param>
/// <param name="KeepSaved">Whether choices saved on the page count; otherwise they are dropped.</param>
internal sealed record Decision(string Kind, string? Comment, IReadOnlyList<LeadChoice> Leads, bool KeepSaved = false)
{
    public const string Approve = "approve";
    public const string Reject = "reject";
    public const string RequestChanges = "requestChanges";

    public static bool IsKind(string? text) => text is Approve or Reject or RequestChanges;
}

/// <param name="Decision">Null: as the rest.</param>
internal sealed record LeadChoice(Guid LeadId, string? Decision = null, string? Comment = null, IReadOnlyList<DraftEdit>? Edits = null);

/// <summary>New text for one mail; what is null stays.</summary>
internal sealed record DraftEdit(int Step, string? Subject = null, string? Body = null);

/// <summary>Who decides and what was shown.</summary>
/// <param name="Seen">The content hash that was shown; null where the caller signs the approval as it was asked for.</param>
/// <param name="WorkspaceId">The caller's; null for a link, which opens one approval.</param>
/// <param name="Token">The link's token, used up by the decision; null in the app.</param>
internal sealed record Reviewer(string Name, Guid? WorkspaceId, byte[]? Seen, byte[]? Token = null, IReadOnlyList<string>? Roles = null)
{
    /// <summary>The same for the audit log.</summary>
    public AuditActor By { get; init; } = AuditActor.System;
}

/// <summary>How a decision ended.</summary>
internal abstract record DecisionResult
{
    private DecisionResult() { }

    public sealed record Decided(string Status, int Approved, int Rejected, int Open) : DecisionResult;

    /// <summary>Nothing was changed.</summary>
    /// <param name="Code">approval_already_decided, approval_outdated, approval_expired, approval_not_allowed, approval_lead_unknown, approval_not_found.</param>
    public sealed record Refused(string Code, string Message) : DecisionResult;
}
