using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Webhooks;

internal sealed class ListWebhookEndpoints(Database database, PublicAddress address)
    : IUseCase<ListWebhookEndpoints, ListWebhookEndpoints.Request, Page<WebhooksApi.EndpointView>>
{
    public sealed record Request;

    private const string Sql = "select id, provider, created_at, rotated_at from webhook_endpoints where workspace_id = $1 order by provider";

    public static UseCase Declaration { get; } = new("listWebhookEndpoints", "Where providers call for this workspace", Permission.Manage);

    public async Task<Outcome<Page<WebhooksApi.EndpointView>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var rows = await database.Sql(Sql, caller.WorkspaceId).ListAsync(row => new WebhooksApi.EndpointView(
            row.GetGuid(0), row.GetString(1), WebhooksApi.Url(address, row.GetString(1), row.GetGuid(0)), row.GetFieldValue<DateTimeOffset>(2),
            row.GetFieldValue<DateTimeOffset>(3)), cancellationToken);
        return new Page<WebhooksApi.EndpointView>(rows, null);
    }
}
