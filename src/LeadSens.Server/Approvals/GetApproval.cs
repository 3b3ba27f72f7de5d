using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Approvals;

internal sealed class GetApproval(ReadApprovals approvals) : IUseCase<GetApproval, GetApproval.Request, ApprovalDetail>
{
    public sealed record Request(Guid Id, PageRequest Page);

    public static UseCase Declaration { get; } = new("getApproval", "An approval with a page of its leads and their drafts", Permission.Read);

    public async Task<Outcome<ApprovalDetail>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken) =>
        await approvals.GetAsync(caller, request.Id, request.Page, cancellationToken) is { } detail ? detail : ApprovalRefusals.NotFound();
}
