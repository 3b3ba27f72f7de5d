using LeadSens.Server.Data;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Approvals;

internal static class ApprovalsApi
{
    public static void MapApprovals(this IEndpointRouteBuilder app)
    {
        var group = app.MapApiGroup("approvals");
        group.MapGet("/", ListAsync).Named("listApprovals", "Approvals, the oldest first");
        group.MapGet("/{id:guid}", GetAsync).Named("getApproval", "An approval with a page of its leads and their drafts");
        group.MapPost("/{id:guid}/decision", DecideAsync).Needs(Permission.Approve).Takes(ApprovalPage.LargestReview)
            .Named("decideApproval", "Approve, reject or request changes").Refuses(StatusCodes.Status409Conflict);
        group.MapPost("/{id:guid}/edits", EditAsync).Needs(Permission.Approve).Takes(ApprovalPage.LargestReview)
            .Named("editApproval", "Edit drafts under review and save choices, without a decision").Refuses(StatusCodes.Status409Conflict);
        group.MapPost("/{id:guid}/link", LinkAsync).Needs(Permission.Approve).Named("createApprovalLink", "A link that opens the review once").Refuses(StatusCodes.Status409Conflict);
        app.MapApprovalPage();
        app.MapApprovalInApp();
    }

    private static async Task<Ok<Page<ApprovalItem>>> ListAsync(
        Guid? campaignId, [OneOf(typeof(ApprovalStatus))] string? status, [AsParameters] PageRequest page, WorkspaceContext caller, ReadApprovals approvals, CancellationToken cancellationToken) =>
        TypedResults.Ok(await approvals.ListAsync(caller.WorkspaceId, campaignId, status, page, cancellationToken));

    private static async Task<Results<Ok<ApprovalDetail>, ProblemHttpResult>> GetAsync(
        Guid id, [AsParameters] PageRequest page, WorkspaceContext caller, ReadApprovals approvals, CancellationToken cancellationToken) =>
        await approvals.GetAsync(caller, id, page, cancellationToken) is { } detail ? TypedResults.Ok(detail) : Problems.NotFound("approval_not_found");

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> DecideAsync(
        Guid id, DecisionRequest request, WorkspaceContext caller, DecideApproval decide, CancellationToken cancellationToken)
    {
        var errors = request.Validate(needsDecision: true);
        if (errors.Any) return Problems.Validation(errors.ByField);
        return await decide.ExecuteAsync(id, request.ToDecision(), request.ToReviewer(caller), cancellationToken) switch
        {
            DecisionResult.Decided decided => TypedResults.Ok(new DecisionAnswer(id, decided.Status, decided.Approved, decided.Rejected, decided.Open)),
            DecisionResult.Refused refused => Problem(refused),
            _ => throw new InvalidOperationException("A decision is taken or refused."),
        };
    }

    private static async Task<Results<Ok<EditAnswer>, ProblemHttpResult>> EditAsync(
        Guid id, DecisionRequest request, WorkspaceContext caller, EditDrafts drafts, CancellationToken cancellationToken)
    {
        var errors = request.Validate(needsDecision: false);
        if (errors.Any) return Problems.Validation(errors.ByField);
        var (hash, refused) = await drafts.SaveAsync(id, request.Choices(), request.ToReviewer(caller), cancellationToken);
        return refused is null ? TypedResults.Ok(new EditAnswer(id, ContentHash.ToText(hash!))) : Problem(refused);
    }

    private static async Task<Results<Ok<ApprovalLink>, ProblemHttpResult>> LinkAsync(
        Guid id, WorkspaceContext caller, ApprovalLinks links, Database database, CancellationToken cancellationToken)
    {
        if (await links.MintAsync(id, caller, cancellationToken) is { } link) return TypedResults.Ok(link);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return Problem((DecisionResult.Refused)await ApprovalGuard.ExplainAsync(connection, id, caller.WorkspaceId, null, cancellationToken));
    }

    private static ProblemHttpResult Problem(DecisionResult.Refused refused) => refused.Code switch
    {
        "approval_not_found" => Problems.NotFound(refused.Code),
        "approval_not_allowed" => Problems.Of(StatusCodes.Status403Forbidden, refused.Code, "You may not decide this approval.", refused.Message),
        "approval_lead_unknown" => Problems.Of(StatusCodes.Status400BadRequest, refused.Code, "The request cannot be accepted.", refused.Message),
        _ => Problems.Conflict(refused.Code, refused.Message),
    };
}
