using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Webhooks;

internal sealed class RemoveWebhookEndpoint(Database database) : IUseCase<RemoveWebhookEndpoint, RemoveWebhookEndpoint.Request, Done>
{
    public sealed record Request(Guid Id);

    private const string Sql = "delete from webhook_endpoints where workspace_id = $1 and id = $2";

    public static UseCase Declaration { get; } = new("removeWebhookEndpoint", "Take an endpoint away", Permission.Manage, Effect.Changes, "webhook.removed");

    public async Task<Outcome<Done>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken) =>
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, Declaration.Audits!, "webhook", request.Id),
            connection => connection.Sql(Sql, caller.WorkspaceId, request.Id).RunAsync(cancellationToken), cancellationToken) == 1
            ? default(Done) : Refusal.NotFound("webhook_not_found");
}
