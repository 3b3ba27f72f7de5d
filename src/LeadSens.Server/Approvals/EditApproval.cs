using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Approvals;

/// <summary>Edits and choices of the caller's, without a decision.</summary>
internal sealed class EditApproval(EditDrafts drafts) : IUseCase<EditApproval, EditApproval.Request, EditAnswer>
{
    public sealed record Request(Guid Id, DecisionRequest Edit);

    public static UseCase Declaration { get; } =
        new("editApproval", "Edit drafts under review and save choices, without a decision", Permission.Approve, Effect.Changes, "approval.edited");

    public async Task<Outcome<EditAnswer>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var errors = request.Edit.Validate(needsDecision: false);
        if (errors.Any) return Refusal.Invalid(errors);
        var (hash, refused) = await drafts.SaveAsync(request.Id, request.Edit.Choices(), request.Edit.ToReviewer(caller), cancellationToken);
        return refused is null ? new EditAnswer(request.Id, ContentHash.ToText(hash!)) : ApprovalRefusals.Of(refused);
    }
}
