using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

/// <summary>One execution of a box, put together from its journal entries.</summary>
internal sealed record ActivityExecution(
    Guid Id, Guid WorkflowInstanceId, string ActivityId, string ActivityNodeId, string ActivityType, int ActivityTypeVersion, string? ActivityName, JsonNode? ActivityState,
    JsonNode? Payload, JsonNode? Outputs, JsonObject Properties, JsonObject Metadata, JsonNode? Exception, DateTimeOffset StartedAt, bool HasBookmarks, string Status,
    int AggregateFaultCount, DateTimeOffset? CompletedAt, Guid? SchedulingActivityExecutionId, int CallStackDepth)
{
    /// <summary>Parameters: instance, node (empty: all), execution (null: all). The last entry says how it stands.</summary>
    public const string Sql = """
        select e.execution_id, e.instance_id, e.activity_id, e.node_id, e.activity_type, e.activity_name, e.payload, e.event_name, s.started, s.faults, e.at, e.parent_execution_id
        from (
            select execution_id, min(at) as started, min(sequence) as first, max(sequence) as last, count(*) filter (where event_name = 'Faulted')::int as faults
            from workflow_journal where instance_id = $1 and ($2 = '' or node_id = $2) and ($3::uuid is null or execution_id = $3) group by execution_id) s
        join workflow_journal e on e.instance_id = $1 and e.sequence = s.last
        order by s.first
        """;

    public static ActivityExecution Read(NpgsqlDataReader row)
    {
        var last = row.GetString(7);
        var payload = JournalPayload.Parse(row.Text(6));
        var (faulted, ended) = (last == "Faulted", last is "Completed" or "Faulted" or "Canceled");
        return new(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4), 1, row.Text(5), new JsonObject(),
            faulted ? null : new JsonObject { ["Outcomes"] = payload?["outcomes"]?.DeepClone() }, faulted ? null : payload?["outputs"]?.DeepClone(), [], [],
            faulted ? payload?.DeepClone() : null, row.GetFieldValue<DateTimeOffset>(8), last == "Suspended", ended ? last : "Running", row.GetInt32(9),
            ended ? row.GetFieldValue<DateTimeOffset>(10) : null, row.Maybe<Guid>(11), 0);
    }
}

/// <summary>An execution without what it worked on.</summary>
internal sealed record ActivityExecutionSummary(
    Guid Id, Guid WorkflowInstanceId, string ActivityId, string ActivityNodeId, string ActivityType, int ActivityTypeVersion, string? ActivityName, JsonObject Metadata,
    DateTimeOffset StartedAt, bool HasBookmarks, string Status, int AggregateFaultCount, DateTimeOffset? CompletedAt, Guid? SchedulingActivityExecutionId, int CallStackDepth)
{
    public static ActivityExecutionSummary Of(ActivityExecution e) => new(
        e.Id, e.WorkflowInstanceId, e.ActivityId, e.ActivityNodeId, e.ActivityType, e.ActivityTypeVersion, e.ActivityName, e.Metadata, e.StartedAt, e.HasBookmarks, e.Status,
        e.AggregateFaultCount, e.CompletedAt, e.SchedulingActivityExecutionId, e.CallStackDepth);
}

internal sealed record CallStack(Guid ActivityExecutionId, IReadOnlyList<ActivityExecution> Items, long TotalCount);

/// <summary>The executions of an instance's boxes.</summary>
internal static class ActivityExecutions
{
    private const string ByIdSql = """
        select j.instance_id from workflow_journal j join workflow_instances i on i.id = j.instance_id
        where j.execution_id = $2 and i.workspace_id = $1 limit 1
        """;

    public static async Task<Ok<WholeList<ActivityExecution>>> ListAsync(
        [FromQuery] Guid workflowInstanceId, [FromQuery] string? activityNodeId, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken) =>
        TypedResults.Ok(new WholeList<ActivityExecution>(await ReadAsync(workflowInstanceId, activityNodeId, null, caller, reader, database, cancellationToken)));

    public static async Task<Ok<WholeList<ActivityExecutionSummary>>> SummariesAsync(
        [FromQuery] Guid workflowInstanceId, [FromQuery] string? activityNodeId, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken)
    {
        var executions = await ReadAsync(workflowInstanceId, activityNodeId, null, caller, reader, database, cancellationToken);
        return TypedResults.Ok(new WholeList<ActivityExecutionSummary>([.. executions.Select(ActivityExecutionSummary.Of)]));
    }

    public static async Task<Results<Ok<ActivityExecution>, NotFound>> FindAsync(
        [FromQuery] Guid id, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken)
    {
        var instance = await database.FirstAsync(ByIdSql, row => row.GetGuid(0), cancellationToken, caller.WorkspaceId, id);
        var found = instance == default ? [] : await ReadAsync(instance, null, id, caller, reader, database, cancellationToken);
        return found is [var execution] ? TypedResults.Ok(execution) : TypedResults.NotFound();
    }

    /// <summary>The execution and the containers around it, innermost first.</summary>
    public static async Task<Results<Ok<CallStack>, NotFound>> CallStackAsync(
        Guid id, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken)
    {
        var instance = await database.FirstAsync(ByIdSql, row => row.GetGuid(0), cancellationToken, caller.WorkspaceId, id);
        if (instance == default) return TypedResults.NotFound();
        var all = (await ReadAsync(instance, null, null, caller, reader, database, cancellationToken)).ToDictionary(execution => execution.Id);
        var stack = new List<ActivityExecution>();
        for (var next = (Guid?)id; next is { } one && all.TryGetValue(one, out var execution); next = execution.SchedulingActivityExecutionId) stack.Add(execution);
        return TypedResults.Ok(new CallStack(id, stack, stack.Count));
    }

    private static async Task<List<ActivityExecution>> ReadAsync(
        Guid instance, string? node, Guid? execution, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken) =>
        await reader.ExistsAsync(caller.WorkspaceId, instance, cancellationToken)
            ? await database.ListAsync(ActivityExecution.Sql, ActivityExecution.Read, cancellationToken, instance, node ?? "", execution)
            : [];
}
