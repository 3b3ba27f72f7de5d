using System.Text.Json;
using LeadSens.Engine;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Instances;

/// <summary>An instance with its whole state, as the viewer shows it.</summary>
internal sealed record InstanceView(
    Guid Id, string DefinitionId, string DefinitionVersionId, int Version, Guid? ParentWorkflowInstanceId, string Status, string SubStatus, bool IsExecuting, string? CorrelationId,
    string? Name, int IncidentCount, bool IsSystem, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt, WorkflowStateView WorkflowState)
{
    public static InstanceView Of(InstanceDetail detail)
    {
        var i = detail.Summary;
        return new(
            i.Id, i.DefinitionId, i.DefinitionVersionId, i.Version, i.ParentWorkflowInstanceId, i.Status, i.SubStatus, i.IsExecuting, i.CorrelationId, i.Name, i.IncidentCount, false,
            i.CreatedAt, i.UpdatedAt, i.FinishedAt, WorkflowStateView.Of(detail));
    }
}

internal sealed record WorkflowStateView(
    Guid Id, string DefinitionId, string DefinitionVersionId, int DefinitionVersion, Guid? ParentWorkflowInstanceId, string? CorrelationId, string? Name, string Status, string SubStatus,
    bool IsExecuting, IReadOnlyList<BookmarkView> Bookmarks, IReadOnlyList<IncidentView> Incidents, bool IsSystem, IReadOnlyList<object> CompletionCallbacks,
    IReadOnlyList<ActiveView> ActivityExecutionContexts, IReadOnlyList<object> ScheduledActivities, long ExecutionLogSequence, IReadOnlyDictionary<string, JsonElement> Input,
    IReadOnlyDictionary<string, JsonElement> Output, IReadOnlyDictionary<string, object> Properties, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt)
{
    private static readonly Dictionary<string, JsonElement> Nothing = [];

    public static WorkflowStateView Of(InstanceDetail detail)
    {
        var (i, state) = (detail.Summary, detail.State);
        return new(
            i.Id, i.DefinitionId, i.DefinitionVersionId, i.Version, i.ParentWorkflowInstanceId, i.CorrelationId, i.Name, i.Status, i.SubStatus, i.IsExecuting, detail.Bookmarks,
            [.. state?.Incidents.Select(IncidentView.Of) ?? []], false, [], [.. state?.Active.Select(ActiveView.Of) ?? []], [], 0, state?.Input ?? Nothing, state?.Output ?? Nothing,
            new Dictionary<string, object>(), i.CreatedAt, i.UpdatedAt, i.FinishedAt);
    }
}

internal sealed record IncidentView(string ActivityId, string ActivityNodeId, string ActivityType, string Message, ExceptionView Exception, DateTimeOffset Timestamp)
{
    public static IncidentView Of(Incident incident) =>
        new(incident.ActivityId, incident.NodeId, incident.ActivityType, incident.Fault.Message, ExceptionView.Of(incident.Fault), incident.At);
}

internal sealed record ExceptionView(string Type, string Message, string? StackTrace, ExceptionView? InnerException, IReadOnlyDictionary<string, string> Metadata)
{
    public static ExceptionView Of(Fault fault) => new(fault.Type, fault.Message, fault.StackTrace, null, new Dictionary<string, string>());
}

internal sealed record ActiveView(
    Guid Id, Guid? ParentContextId, string ScheduledActivityNodeId, string? OwnerActivityNodeId, IReadOnlyDictionary<string, object> Properties, IReadOnlyDictionary<string, object> Metadata,
    IReadOnlyDictionary<string, object> ActivityState, IReadOnlyList<object> DynamicVariables, string Status, bool IsExecuting)
{
    public static ActiveView Of(ActiveExecution execution) => new(
        execution.Id, execution.ParentId, execution.NodeId, null, new Dictionary<string, object>(), new Dictionary<string, object>(), new Dictionary<string, object>(), [], "Running", !execution.Waits);
}

internal sealed record ExecutionState(string Status, string SubStatus, DateTimeOffset UpdatedAt);

internal sealed record VariableView(string Id, string Name, JsonElement Value);

/// <summary>Reads of one instance.</summary>
internal static class GetInstance
{
    public static async Task<Results<Ok<InstanceView>, NotFound>> HandleAsync(Guid id, WorkspaceContext caller, InstanceReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(caller.WorkspaceId, id, cancellationToken) is { } detail ? TypedResults.Ok(InstanceView.Of(detail)) : TypedResults.NotFound();

    public static async Task<Results<Ok<ExecutionState>, NotFound>> StateAsync(Guid id, WorkspaceContext caller, InstanceReader reader, CancellationToken cancellationToken) =>
        await reader.SummaryAsync(caller.WorkspaceId, id, cancellationToken) is { } i ? TypedResults.Ok(new ExecutionState(i.Status, i.SubStatus, i.UpdatedAt)) : TypedResults.NotFound();

    public static async Task<Results<Ok<WholeList<VariableView>>, NotFound>> VariablesAsync(Guid id, WorkspaceContext caller, InstanceReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(caller.WorkspaceId, id, cancellationToken) is { } detail
            ? TypedResults.Ok(new WholeList<VariableView>([.. detail.State?.Variables.Select(variable => new VariableView(variable.Id, variable.Name, variable.Value)) ?? []]))
            : TypedResults.NotFound();
}
