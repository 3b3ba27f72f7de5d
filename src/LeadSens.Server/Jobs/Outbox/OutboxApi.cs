using LeadSens.Server.Data;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>Events and what became of them; dead letters are sent again by hand.</summary>
internal static class OutboxApi
{
    private const string ListSql = """
        select id, type, status, attempts, last_error, created_at, sent_at from outbox_events
        where workspace_id = $1 and id > $2 and ($3 = '' or status = $3) order by id limit $4
        """;

    private const string ExistsSql = "select exists (select from outbox_events where id = $1 and workspace_id = $2)";

    internal sealed record EventView(Guid Id, string Type, [property: OneOf(typeof(OutboxStatus))] string Status, int Attempts, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

    public static void MapOutbox(this IEndpointRouteBuilder app)
    {
        var outbox = app.MapApiGroup("outbox");
        outbox.MapGet("/", ListAsync).Named("listOutboxEvents", "Events and what became of them");
        outbox.MapPost("/{id:guid}/retry", RetryAsync).Named("retryOutboxEvent", "Send a dead letter again").Refuses(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<Page<EventView>>> ListAsync(
        [AsParameters] PageRequest page, [OneOf(typeof(OutboxStatus))] string? status, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(ListSql, connection);
        foreach (var value in new object[] { caller.WorkspaceId, page.After, status ?? "", page.Size + 1 }) command.Parameters.Add(new() { Value = value });
        var rows = new List<EventView>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6)));
        }

        return TypedResults.Ok(Page<EventView>.Of(rows, page.Size, one => one.Id.ToString()));
    }

    private static async Task<Results<Ok, ProblemHttpResult>> RetryAsync(
        Guid id, WorkspaceContext caller, Database database, OutboxSignal signal, CancellationToken cancellationToken)
    {
        if (await OutboxStore.SendAgainAsync(database, caller.WorkspaceId, id, cancellationToken))
        {
            signal.Wake();
            return TypedResults.Ok();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var find = new NpgsqlCommand(ExistsSql, connection);
        find.Parameters.Add(new() { Value = id });
        find.Parameters.Add(new() { Value = caller.WorkspaceId });
        return await find.ExecuteScalarAsync(cancellationToken) is true
            ? Problems.Conflict("event_not_dead", "Only a dead letter can be sent again.")
            : Problems.NotFound("event_not_found");
    }
}
