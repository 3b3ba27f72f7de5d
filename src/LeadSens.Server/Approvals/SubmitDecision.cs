using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Approvals;

/// <summary>The caller's decision about what they were shown.</summary>
internal sealed class SubmitDecision(DecideApproval decide) : IUseCase<SubmitDecision, SubmitDecision.Request, DecisionAnswer>
{
    public sealed record Request(Guid Id, DecisionRequest Decision);

    public static UseCase Declaration { get; } = new("decideApproval", "Approve, reject or request changes", Permission.Approve, Effect.Spends,
        "approval.decided");

    public async Task<Outcome<DecisionAnswer>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var (id, decision) = (request.Id, request.Decision);
        var errors = decision.Validate(needsDecision: true);
        if (errors.Any) return Refusal.Invalid(errors);
        return await decide.ExecuteAsync(id, decision.ToDecision(), decision.ToReviewer(caller), cancellationToken) switch
        {
            DecisionResult.Decided decided => new DecisionAnswer(id, decided.Status, decided.Approved, decided.Rejected, decided.Open),
            DecisionResult.Refused refused => ApprovalRefusals.Of(refused),
            _ => throw new InvalidOperationException("A decision is taken or refused."),
        };
    }
}
