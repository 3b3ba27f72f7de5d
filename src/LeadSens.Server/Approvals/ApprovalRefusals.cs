using LeadSens.Server.UseCases;

namespace LeadSens.Server.Approvals;

internal static class ApprovalRefusals
{
    public static Refusal NotFound() => Refusal.NotFound("approval_not_found");

    public static Refusal Of(DecisionResult.Refused refused) => refused.Code switch
    {
        "approval_not_found" => NotFound(),
        "approval_not_allowed" => new(RefusalKind.Forbidden, refused.Code, "You may not decide this approval.", refused.Message),
        "approval_lead_unknown" => new(RefusalKind.Invalid, refused.Code, "The request cannot be accepted.", refused.Message),
        _ => Refusal.Conflict(refused.Code, refused.Message),
    };
}
