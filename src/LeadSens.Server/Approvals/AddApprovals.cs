using LeadSens.Activities;

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
        return services;
    }
}
