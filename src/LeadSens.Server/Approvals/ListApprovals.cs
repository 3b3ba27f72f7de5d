using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Approvals;

internal sealed class ListApprovals(ReadApprovals approvals) : IUseCase<ListApprovals, ListApprovals.Request, Page<ApprovalItem>>
{
    public sealed record Request(Guid? CampaignId, string? Status, PageRequest Page);

    public static UseCase Declaration { get; } = new("listApprovals", "Approvals, the oldest first", Permission.Read);

    public async Task<Outcome<Page<ApprovalItem>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken) =>
        Refusal.UnlessOneOf(ApprovalStatus.All, "status", request.Status) is { } unknown ? unknown
            : await approvals.ListAsync(caller.WorkspaceId, request.CampaignId, request.Status, request.Page, cancellationToken);
}
