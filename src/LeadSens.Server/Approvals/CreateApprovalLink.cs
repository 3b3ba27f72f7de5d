using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Approvals;

internal sealed class CreateApprovalLink(ApprovalLinks links, Database database) : IUseCase<CreateApprovalLink, CreateApprovalLink.Request, ApprovalLink>
{
    public sealed record Request(Guid Id);

    public static UseCase Declaration { get; } = new("createApprovalLink", "A link that opens the review once", Permission.Approve, Effect.Changes,
        "approval.linked");

    public async Task<Outcome<ApprovalLink>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        if (await links.MintAsync(request.Id, caller, cancellationToken) is { } link) return link;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return ApprovalRefusals.Of((DecisionResult.Refused)await ApprovalGuard.ExplainAsync(connection, request.Id, caller.WorkspaceId, null,
            cancellationToken));
    }
}
