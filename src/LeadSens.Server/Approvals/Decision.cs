using LeadSens.Server.Audit;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Approvals;

/// <summary>What a reviewer decided.</summary>
/// <param name="Kind">For every lead without a choice of its own: approve, reject, requestChanges.</param>
/// <param name="Leads">Leads with a choice, a comment or edits of their own.</param>
/// <param name="All">True: every lead, whatever the reviewer chose for it. False: the reviewer's choices count. Null: where they differ, nothing is decided and they are named.</param>
internal sealed record Decision(string Kind, string? Comment, IReadOnlyList<LeadChoice> Leads, bool? All = null)
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
/// <param name="Seen">The content hash that was shown.</param>
/// <param name="WorkspaceId">The caller's, or that of the link's approval.</param>
/// <param name="Role">The caller's in the workspace; a key acts for its owner.</param>
/// <param name="Token">The link's token, used up by the decision; null in the app.</param>
internal sealed record Reviewer(string Name, Guid WorkspaceId, byte[] Seen, string Role = Roles.Owner, byte[]? Token = null)
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
    /// <param name="Code">approval_already_decided, approval_outdated, approval_expired, approval_not_allowed, approval_lead_unknown, approval_choices_differ, approval_texts_fixed, approval_not_found.</param>
    public sealed record Refused(string Code, string Message) : DecisionResult;
}
