using LeadSens.Server.Api;
using LeadSens.Server.Web;

namespace LeadSens.Server.Approvals;

internal static class ApprovalsApi
{
    public static void MapApprovals(this IEndpointRouteBuilder app)
    {
        var group = app.MapApiGroup("approvals");
        group.MapGet("/", (Guid? campaignId, [OneOf(typeof(ApprovalStatus))] string? status, [AsParameters] PageRequest page, UseCaseCall call,
            ListApprovals list) =>
            call.OkAsync(list, new(campaignId, status, page))).Runs(ListApprovals.Declaration);
        group.MapGet("/{id:guid}", (Guid id, [AsParameters] PageRequest page, UseCaseCall call, GetApproval get) =>
            call.OkAsync(get, new(id, page))).Runs(GetApproval.Declaration);
        group.MapPost("/{id:guid}/decision", (Guid id, DecisionRequest request, UseCaseCall call, SubmitDecision decide) =>
            call.OkAsync(decide, new(id, request)))
            .Takes(ApprovalPage.LargestReview).Runs(SubmitDecision.Declaration);
        group.MapPost("/{id:guid}/edits", (Guid id, DecisionRequest request, UseCaseCall call, EditApproval edit) => call.OkAsync(edit, new(id, request)))
            .Takes(ApprovalPage.LargestReview).Runs(EditApproval.Declaration);
        group.MapPost("/{id:guid}/link", (Guid id, UseCaseCall call, CreateApprovalLink link) =>
            call.OkAsync(link, new(id))).Runs(CreateApprovalLink.Declaration);
        app.MapApprovalPage();
        app.MapApprovalInApp();
    }
}
