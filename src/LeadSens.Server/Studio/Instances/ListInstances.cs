using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

/// <summary>What to list; everything that is absent filters nothing.</summary>
internal sealed record InstanceQuery(
    int? Page, int? PageSize, string? SearchTerm, string? DefinitionId, string[]? DefinitionIds, string? CorrelationId, int? Version, bool? HasIncidents,
    string? Status, string[]? Statuses, string? SubStatus, string[]? SubStatuses, string? OrderBy, string? OrderDirection, TimestampFilter[]? TimestampFilters);

/// <summary>A bound on one of the times.</summary>
internal sealed record TimestampFilter(string? Column, string? Operator, DateTimeOffset? Timestamp);

/// <summary>Lists a workspace's instances, newest first unless asked otherwise.</summary>
internal static class ListInstances
{
    private const int LargestPage = 200;

    public static async Task<Ok<PagedList<InstanceSummary>>> HandleAsync(InstanceQuery query, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(null, connection);
        var where = Where(query, caller.WorkspaceId, command);
        var size = Math.Clamp(query.PageSize ?? 50, 1, LargestPage);
        // Filters and order come from lists of our own; what the caller wrote is a parameter.
        command.CommandText = $"""
            select {InstanceSummary.Columns}, count(*) over () from workflow_instances i where {where}
            order by {OrderOf(query)} limit {size} offset {(long)Math.Max(0, query.Page ?? 0) * size}
            """;
        var (items, total) = (new List<InstanceSummary>(), 0L);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            items.Add(InstanceSummary.Read(row));
            total = row.GetInt64(InstanceSummary.ColumnCount);
        }

        return TypedResults.Ok(new PagedList<InstanceSummary>(items, total));
    }

    private static string Where(InstanceQuery query, Guid workspaceId, NpgsqlCommand command)
    {
        var conditions = new List<string>();
        Add("i.workspace_id = {0}", workspaceId);
        Add("i.definition_id = any({0})", Several(query.DefinitionIds, query.DefinitionId));
        Add("i.correlation_id = {0}", Given(query.CorrelationId));
        Add("i.definition_version = {0}", query.Version);
        Add("(i.incident_count > 0) = {0}", query.HasIncidents);
        Add("i.status = any({0})", Several(query.Statuses, query.Status));
        Add("i.sub_status = any({0})", Several(query.SubStatuses, query.SubStatus));
        Add("(i.name ilike {0} or i.definition_id ilike {0} or i.correlation_id ilike {0} or i.id::text ilike {0})", Given(query.SearchTerm) is { } term ? $"%{Literally(term)}%" : null);
        foreach (var filter in query.TimestampFilters ?? [])
            if (ColumnOf(filter.Column) is { } column && OperatorOf(filter.Operator) is { } comparison) Add($"{column} {comparison} {{0}}", filter.Timestamp?.ToUniversalTime());
        return string.Join(" and ", conditions);

        void Add(string condition, object? value)
        {
            if (value is null) return;
            command.Parameters.Add(new() { Value = value });
            conditions.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, condition, $"${command.Parameters.Count}"));
        }
    }

    private static string OrderOf(InstanceQuery query)
    {
        var direction = string.Equals(query.OrderDirection, "Ascending", StringComparison.OrdinalIgnoreCase) ? "asc" : "desc";
        return $"{ColumnOf(query.OrderBy) ?? "i.created_at"} {direction} nulls last, i.id {direction}";
    }

    private static string? ColumnOf(string? name) => name?.ToUpperInvariant() switch
    {
        "CREATED" or "CREATEDAT" => "i.created_at",
        "UPDATEDAT" or "UPDATED" or "LASTEXECUTED" => "i.updated_at",
        "FINISHED" or "FINISHEDAT" => "i.finished_at",
        "NAME" => "i.name",
        _ => null,
    };

    private static string? OperatorOf(string? name) => name switch
    {
        "Is" => "=",
        "IsNot" => "<>",
        "GreaterThan" => ">",
        "GreaterThanOrEqual" => ">=",
        "LessThan" => "<",
        "LessThanOrEqual" => "<=",
        _ => null,
    };

    private static string[]? Several(string[]? many, string? one) => many is { Length: > 0 } ? many : Given(one) is { } single ? [single] : null;

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Literally(string term) => term.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
