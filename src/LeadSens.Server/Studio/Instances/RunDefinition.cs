using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

/// <summary>A run to start. <c>VersionOptions</c>: Latest runs a draft as well.</summary>
internal sealed record RunRequest(string? CorrelationId, string? TriggerActivityId, string? VersionOptions, JsonObject? Input, Guid? InstanceId, int? Count);

internal sealed record RunAnswer(WorkflowStateView WorkflowState);

internal sealed record Dispatched(Guid WorkflowInstanceId);

internal sealed record DispatchedMany(IReadOnlyList<Guid> WorkflowInstanceIds);

/// <summary>Starts workflows from Studio.</summary>
internal static class RunDefinition
{
    private const string InstanceHeader = "x-elsa-workflow-instance-id";
    private const string CannotStartHeader = "x-elsa-workflow-cannot-start";
    private const int MostAtOnce = 1_000;

    /// <summary>Runs until it waits for the first time.</summary>
    public static async Task<Results<Ok<RunAnswer>, NotFound, JsonHttpResult<StudioError>>> ExecuteAsync(
        string definitionId, RunRequest request, HttpContext context, WorkspaceContext caller, WorkflowService workflows, InstanceReader reader, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (await VersionAsync(definitionId, request, caller, database, cancellationToken) is not { } version) return TypedResults.NotFound();
        var id = request.InstanceId ?? Guid.CreateVersion7();
        var started = await workflows.StartVersionAsync(version, caller.WorkspaceId, request.CorrelationId, request.Input, id, cancellationToken);
        context.Response.Headers[CannotStartHeader] = (started.Errors.Count > 0).ToString();
        if (started.Errors.Count > 0) return StudioErrors.BadRequest([.. started.Errors.Select(error => error.Message)]);
        context.Response.Headers[InstanceHeader] = id.ToString();
        var detail = await reader.ReadAsync(caller.WorkspaceId, id, cancellationToken) ?? throw new InvalidOperationException($"Instance {id} was started and is not there.");
        return TypedResults.Ok(new RunAnswer(WorkflowStateView.Of(detail)));
    }

    public static async Task<Results<Ok<Dispatched>, NotFound, JsonHttpResult<StudioError>>> DispatchAsync(
        string definitionId, RunRequest request, WorkspaceContext caller, WorkflowService workflows, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (await VersionAsync(definitionId, request, caller, database, cancellationToken) is not { } version) return TypedResults.NotFound();
        var id = request.InstanceId ?? Guid.CreateVersion7();
        var started = await workflows.StartVersionAsync(version, caller.WorkspaceId, request.CorrelationId, request.Input, id, cancellationToken);
        return started.Errors.Count > 0 ? StudioErrors.BadRequest([.. started.Errors.Select(error => error.Message)]) : TypedResults.Ok(new Dispatched(id));
    }

    public static async Task<Results<Ok<DispatchedMany>, NotFound, JsonHttpResult<StudioError>>> DispatchManyAsync(
        string definitionId, RunRequest request, WorkspaceContext caller, WorkflowService workflows, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (request.Count is < 1 or > MostAtOnce) return StudioErrors.BadRequest($"count: 1 to {MostAtOnce} runs at once.");
        if (await VersionAsync(definitionId, request, caller, database, cancellationToken) is not { } version) return TypedResults.NotFound();
        var ids = new List<Guid>();
        for (var i = 0; i < (request.Count ?? 1); i++)
        {
            var id = Guid.CreateVersion7();
            var started = await workflows.StartVersionAsync(version, caller.WorkspaceId, request.CorrelationId, request.Input?.DeepClone().AsObject(), id, cancellationToken);
            if (started.Errors.Count > 0) return StudioErrors.BadRequest([.. started.Errors.Select(error => error.Message)]);
            ids.Add(id);
        }

        return TypedResults.Ok(new DispatchedMany(ids));
    }

    /// <summary>What the workspace sees: nothing that it deleted or took out of service.</summary>
    private static async Task<string?> VersionAsync(string definitionId, RunRequest request, WorkspaceContext caller, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        VersionOptions.TryParse(request.VersionOptions, VersionOptions.Published, out var which)
            ? (await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, which, cancellationToken))?.VersionId
            : null;
}
