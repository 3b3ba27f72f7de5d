using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Instances;

internal sealed record ReportRequest(Guid WorkflowInstanceId, string[]? ActivityNodeIds);

/// <summary>How often a box ran, and how it stands: the badge on the graph.</summary>
internal sealed record ActivityStats(
    string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount, JsonObject Metadata);

internal sealed record ActivityReport(IReadOnlyList<ActivityStats> Stats)
{
    private const string Sql = """
        with executions as (
            select execution_id, min(activity_id) as activity_id, min(node_id) as node_id, max(sequence) as last, count(*) filter (where event_name = 'Faulted')::int as faults
            from workflow_journal where instance_id = $1 and (cardinality($2) = 0 or node_id = any($2)) group by execution_id)
        select e.activity_id, e.node_id, count(*)::int, count(*) filter (where l.event_name = 'Completed')::int,
            count(*) filter (where l.event_name in ('Started', 'Resumed', 'Suspended'))::int,
            bool_or(l.event_name = 'Suspended'), bool_or(l.event_name = 'Faulted'), sum(e.faults)::int
        from executions e join workflow_journal l on l.instance_id = $1 and l.sequence = e.last
        group by e.activity_id, e.node_id
        """;

    public static async Task<Ok<ActivityReport>> HandleAsync(
        ReportRequest request, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.ExistsAsync(caller.WorkspaceId, request.WorkflowInstanceId, cancellationToken)
            ? await ReadAsync(database, request.WorkflowInstanceId, request.ActivityNodeIds ?? [], cancellationToken)
            : new([]));

    public static async Task<ActivityReport> ReadAsync(Database database, Guid instanceId, string[] nodeIds, CancellationToken cancellationToken) =>
        new(await database.ListAsync(Sql, row => new ActivityStats(
            row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetBoolean(5), row.GetBoolean(6), row.GetInt32(7), []), cancellationToken, instanceId, nodeIds));
}
