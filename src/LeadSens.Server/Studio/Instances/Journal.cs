using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

/// <summary>One line of an instance's journal.</summary>
internal sealed record LogRecord(
    string Id, Guid ActivityInstanceId, Guid? ParentActivityInstanceId, string ActivityId, string ActivityType, int ActivityTypeVersion, string? ActivityName, string NodeId,
    DateTimeOffset Timestamp, long Sequence, string EventName, string? Message, string? Source, JsonNode? ActivityState, JsonNode? Payload)
{
    public static LogRecord Read(NpgsqlDataReader row) => new(
        $"{row.GetGuid(0):N}-{row.GetInt64(1)}", row.GetGuid(2), row.Maybe<Guid>(3), row.GetString(5), row.GetString(6), 1, row.Text(7), row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(8), row.GetInt64(1), row.GetString(9), row.Text(10), null, null, JournalPayload.ForStudio(row.Text(11)));
}

/// <summary>What of the journal to show.</summary>
internal sealed record JournalRequest(JournalFilter? Filter);

internal sealed record JournalFilter(string[]? ActivityIds, string[]? ActivityNodeIds, string[]? ExcludedActivityTypes, string[]? EventNames);

/// <summary>The journal, oldest first.</summary>
internal static class Journal
{
    private const int LargestPage = 1_000;

    private const string Sql = """
        select instance_id, sequence, execution_id, parent_execution_id, node_id, activity_id, activity_type, activity_name, at, event_name, message, payload, count(*) over ()
        from workflow_journal j
        where instance_id = $1 and (cardinality($2) = 0 or activity_id = any($2)) and (cardinality($3) = 0 or node_id = any($3)) and not activity_type = any($4)
          and (cardinality($5) = 0 or event_name = any($5))
        order by sequence limit $6 offset $7
        """;

    public static async Task<Results<Ok<PagedList<LogRecord>>, NotFound>> HandleAsync(
        Guid id, int? skip, int? take, JournalRequest? request, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken)
    {
        if (!await reader.ExistsAsync(caller.WorkspaceId, id, cancellationToken)) return TypedResults.NotFound();
        var filter = request?.Filter;
        var rows = await database.ListAsync(
            Sql, row => (Record: LogRecord.Read(row), Total: row.GetInt64(12)), cancellationToken,
            id, filter?.ActivityIds ?? [], filter?.ActivityNodeIds ?? [], filter?.ExcludedActivityTypes ?? [], filter?.EventNames ?? [],
            Math.Clamp(take ?? 100, 1, LargestPage), Math.Max(0, skip ?? 0));
        return TypedResults.Ok(new PagedList<LogRecord>([.. rows.Select(row => row.Record)], rows.Count > 0 ? rows[0].Total : 0));
    }

    public static Task<Results<Ok<PagedList<LogRecord>>, NotFound>> GetAsync(
        Guid id, int? skip, int? take, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken) =>
        HandleAsync(id, skip, take, null, caller, reader, database, cancellationToken);

    /// <summary>The last entry of one box.</summary>
    public static async Task<Results<Ok<LogRecord>, NotFound>> LastAsync(
        Guid id, string activityId, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken)
    {
        if (!await reader.ExistsAsync(caller.WorkspaceId, id, cancellationToken)) return TypedResults.NotFound();
        var last = await database.FirstAsync("""
            select instance_id, sequence, execution_id, parent_execution_id, node_id, activity_id, activity_type, activity_name, at, event_name, message, payload
            from workflow_journal where instance_id = $1 and activity_id = $2 order by sequence desc limit 1
            """, LogRecord.Read, cancellationToken, id, activityId);
        return last is null ? TypedResults.NotFound() : TypedResults.Ok(last);
    }
}

/// <summary>The engine's payloads in Studio's names.</summary>
internal static class JournalPayload
{
    public static JsonNode? ForStudio(string? payload) => Parse(payload) is not { } json ? null : new JsonObject(
        json.Select(property => KeyValuePair.Create(char.ToUpperInvariant(property.Key[0]) + property.Key[1..], property.Value?.DeepClone())));

    public static JsonObject? Parse(string? payload) => payload is null ? null : JsonNode.Parse(payload) as JsonObject;
}
