using LeadSens.Activities;
using LeadSens.Server.Api;
using LeadSens.Server.Changes;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Approvals;

internal static class ApprovalsRegistration
{
    public static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.AddSingleton<ApprovalSignals>();
        services.AddSingleton<IApprovals, WorkflowApprovals>();
        services.AddSingleton<DecideApproval>();
        services.AddSingleton<EditDrafts>();
        services.AddSingleton<ReadApprovals>();
        services.AddSingleton<ApprovalLinks>();
        services.AddSingleton<ApprovalNotices>();
        services.AddChangeKind(ChangeKind.Approval, Permission.Read);
        return services
            .AddUseCase<ListApprovals, ListApprovals.Request, Page<ApprovalItem>>()
            .AddUseCase<GetApproval, GetApproval.Request, ApprovalDetail>()
            .AddUseCase<SubmitDecision, SubmitDecision.Request, DecisionAnswer>()
            .AddUseCase<EditApproval, EditApproval.Request, EditAnswer>()
            .AddUseCase<CreateApprovalLink, CreateApprovalLink.Request, ApprovalLink>();
    }
}
