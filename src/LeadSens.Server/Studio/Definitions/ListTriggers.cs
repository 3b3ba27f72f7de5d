using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>What starts a workflow of the workspace now, and which starts became no run.</summary>
internal static class ListTriggers
{
    private const int MostRefusals = 50;

    private const string TriggersSql = """
        select activity_id, activity_type, payload, schedule, since from workflow_triggers where workspace_id = $1 and definition_id = $2 order by activity_id, ordinal
        """;

    private const string RefusalsSql = """
        select id, activity_id, correlation_id, refused, created_at from workflow_starts
        where workspace_id = $1 and definition_id = $2 and refused is not null order by created_at desc limit $3
        """;

    /// <param name="Payload">The event's name, the interval, …</param>
    /// <param name="NextAt">When it starts a run the next time; null where no time does.</param>
    public sealed record TriggerView(string ActivityId, string ActivityType, JsonNode? Payload, DateTimeOffset? NextAt);

    /// <param name="ActivityId">Null: a box of another run wanted it.</param>
    public sealed record RefusalView(Guid WorkflowInstanceId, string? ActivityId, string? CorrelationId, string Reason, DateTimeOffset At);

    public sealed record TriggersView(IReadOnlyList<TriggerView> Items, int Count, IReadOnlyList<RefusalView> Refused);

    public static async Task<Results<Ok<TriggersView>, JsonHttpResult<StudioError>>> HandleAsync(string definitionId, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        if (await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, VersionOptions.Latest, cancellationToken) is null) return GetDefinition.Missing(definitionId);
        var triggers = await database.ListAsync(TriggersSql, ReadTrigger, cancellationToken, caller.WorkspaceId, definitionId);
        var refused = await database.ListAsync(RefusalsSql, ReadRefusal, cancellationToken, caller.WorkspaceId, definitionId, MostRefusals);
        return TypedResults.Ok(new TriggersView(triggers, triggers.Count, refused));
    }

    private static TriggerView ReadTrigger(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Text(2) is { } payload ? JsonNode.Parse(payload) : null,
        row.Text(3) is { } schedule ? TriggerSchedule.Parse(schedule).Next(row.GetFieldValue<DateTimeOffset>(4)) : null);

    private static RefusalView ReadRefusal(NpgsqlDataReader row) => new(row.GetGuid(0), row.Text(1), row.Text(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4));
}
