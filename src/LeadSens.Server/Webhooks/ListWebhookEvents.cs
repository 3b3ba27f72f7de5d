using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Webhooks;

internal sealed class ListWebhookEvents(Database database) : IUseCase<ListWebhookEvents, ListWebhookEvents.Request, Page<WebhooksApi.EventView>>
{
    public sealed record Request(PageRequest Page, string? State);

    private const string Sql = """
        select id, provider, event_type, state, lead_id, occurred_at, received_at, failure from webhook_events
        where workspace_id = $1 and id > $2 and ($3::text is null or state = $3) order by id limit $4
        """;

    private static readonly string[] States = ["received", "done", "ignored", "failed"];

    public static UseCase Declaration { get; } = new("listWebhookEvents", "What providers told, and what it did", Permission.Read);

    public async Task<Outcome<Page<WebhooksApi.EventView>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        if (Refusal.UnlessOneOf(States, "state", request.State) is { } unknown) return unknown;
        var rows = await database.Sql(Sql, caller.WorkspaceId, request.Page.After, request.State, request.Page.Size + 1).ListAsync(Read, cancellationToken);
        return Page<WebhooksApi.EventView>.Of(rows, request.Page.Size, row => row.Id.ToString());
    }

    private static WebhooksApi.EventView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Maybe<Guid>(4), row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6), row.Text(7));
}
