using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Approvals;

/// <summary>The body of a decision, and (without <c>decision</c>) of an edit.</summary>
/// <param name="ContentHash">The hash that came with the texts that were read: what is decided is decided about them.</param>
/// <param name="All">True: every lead, whatever the caller chose before. False: what the caller chose counts. Absent: where that differs, nothing is decided and it is named.</param>
internal sealed record DecisionRequest(
    [property: OneOf(typeof(DecisionKind))] string? Decision, [property: Multiline] string? Comment, [property: Required] string? ContentHash,
    IReadOnlyList<LeadDecisionRequest>? Leads, bool? All = null)
{
    private const int MaxText = 20_000;

    public FieldErrors Validate(bool needsDecision)
    {
        var errors = new FieldErrors();
        errors.Require(!needsDecision || Approvals.Decision.IsKind(Decision), "decision", "One of approve, reject, requestChanges.");
        errors.Require(!string.IsNullOrEmpty(ContentHash), "contentHash", "Send the contentHash that GET /api/approvals/{id} gave with the texts that you read.");
        errors.Require(string.IsNullOrEmpty(ContentHash) || Approvals.ContentHash.Parse(ContentHash) is not null, "contentHash", "64 hex characters.");
        errors.Require(All is not true || (Leads ?? []).All(lead => lead.Decision is null), "leads", "With all: true every lead is decided alike; leave their decisions out.");
        errors.Require((Comment?.Length ?? 0) <= MaxText, "comment", $"At most {MaxText} characters.");
        var leads = Leads ?? [];
        errors.Require(leads.Select(lead => lead.LeadId).Distinct().Count() == leads.Count, "leads", "Each lead once.");
        for (var i = 0; i < leads.Count; i++) leads[i].Validate(errors, $"leads[{i}]", MaxText);
        return errors;
    }

    public Decision ToDecision() => new(Decision!, Comment, Choices(), All);

    public IReadOnlyList<LeadChoice> Choices() =>
        [.. (Leads ?? []).Select(lead => new LeadChoice(lead.LeadId, lead.Decision, lead.Comment,
            [.. (lead.Edits ?? []).Select(edit => new DraftEdit(edit.Step, edit.Subject, edit.Body))]))];

    /// <summary>A person decides by the role in the workspace; a key acts for its owner.</summary>
    public Reviewer ToReviewer(Caller caller) =>
        new(caller.Name, caller.WorkspaceId, Approvals.ContentHash.Parse(ContentHash!)!, caller.Role) { By = caller.By };
}

internal sealed record LeadDecisionRequest(
    Guid LeadId, [property: OneOf(typeof(DecisionKind))] string? Decision, [property: Multiline] string? Comment, IReadOnlyList<DraftEditRequest>? Edits)
{
    public void Validate(FieldErrors errors, string field, int maxText)
    {
        errors.Require(Decision is null || Approvals.Decision.IsKind(Decision), $"{field}.decision", "One of approve, reject, requestChanges.");
        errors.Require((Comment?.Length ?? 0) <= maxText, $"{field}.comment", $"At most {maxText} characters.");
        foreach (var edit in Edits ?? [])
        {
            errors.Require(edit.Step is >= 1 and <= 3, $"{field}.edits.step", "1, 2 or 3.");
            errors.Require(edit.Subject is null || !string.IsNullOrWhiteSpace(edit.Subject), $"{field}.edits.subject", "A mail needs a subject.");
            errors.Require(edit.Body is null || !string.IsNullOrWhiteSpace(edit.Body), $"{field}.edits.body", "A mail needs a text.");
            errors.Require((edit.Subject?.Length ?? 0) <= maxText && (edit.Body?.Length ?? 0) <= maxText, $"{field}.edits", $"At most {maxText} characters.");
        }
        errors.Require((Edits ?? []).Select(edit => edit.Step).Distinct().Count() == (Edits?.Count ?? 0), $"{field}.edits", "Each step once.");
    }
}

internal sealed record DraftEditRequest(int Step, string? Subject, [property: Multiline] string? Body);

internal sealed record DecisionAnswer(Guid Id, [property: OneOf(typeof(ApprovalStatus))] string Status, int Approved, int Rejected, int Open);

internal sealed record EditAnswer(Guid Id, string ContentHash);
