using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Jobs;

internal sealed class ListOutboxEvents(Database database) : IUseCase<ListOutboxEvents, ListOutboxEvents.Request, Page<OutboxApi.EventView>>
{
    public sealed record Request(PageRequest Page, string? Status);

    private const string Sql = """
        select id, type, status, attempts, last_error, created_at, sent_at from outbox_events
        where workspace_id = $1 and id > $2 and ($3::text is null or status = $3) order by id limit $4
        """;

    public static UseCase Declaration { get; } = new("listOutboxEvents", "Events and what became of them", Permission.Read);

    public async Task<Outcome<Page<OutboxApi.EventView>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        if (Refusal.UnlessOneOf(OutboxStatus.All, "status", request.Status) is { } unknown) return unknown;
        var rows = await database.Sql(Sql, caller.WorkspaceId, request.Page.After, request.Status, request.Page.Size + 1).ListAsync(Read, cancellationToken);
        return Page<OutboxApi.EventView>.Of(rows, request.Page.Size, one => one.Id.ToString());
    }

    private static OutboxApi.EventView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.Text(4), row.GetFieldValue<DateTimeOffset>(5), row.Maybe<DateTimeOffset>(6));
}
