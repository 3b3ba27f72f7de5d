using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Web;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Instances;

/// <summary>A run to start. <c>VersionOptions</c>: Latest runs a draft as well.</summary>
internal sealed record RunRequest(string? CorrelationId, string? TriggerActivityId, string? VersionOptions, JsonObject? Input, Guid? InstanceId, int? Count)
{
    /// <summary>What is wrong with the input; its texts are the workflow's, so only what cannot be stored is refused.</summary>
    public string? ProblemOf() => Input is null ? null : JsonLimits.Default.ProblemOf(System.Text.Encoding.UTF8.GetBytes(Input.ToJsonString())) is { } problem ? $"input: {problem}" : null;
}

internal sealed record RunAnswer(WorkflowStateView WorkflowState);

internal sealed record Dispatched(Guid WorkflowInstanceId);

internal sealed record DispatchedMany(IReadOnlyList<Guid> WorkflowInstanceIds);

/// <summary>Starts workflows from Studio.</summary>
internal static class RunDefinition
{
    private const string InstanceHeader = "x-elsa-workflow-instance-id";
    private const string CannotStartHeader = "x-elsa-workflow-cannot-start";
    private const int MostAtOnce = 1_000;

    private const string TakenSql = """
        select exists (select from workflow_instances where id = $1 and (workspace_id <> $2 or definition_id <> $3))
            or exists (select from campaigns where workflow_instance_id = $1) or exists (select from workflow_starts where id = $1)
        """;

    /// <summary>Before anything is looked up: 429 for a workspace that has started its share.</summary>
    public static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (http, caller) = (context.HttpContext, context.Arguments.OfType<WorkspaceContext>().Single());
        var starts = Math.Clamp(context.Arguments.OfType<RunRequest>().FirstOrDefault()?.Count ?? 1, 1, MostAtOnce);
        return await http.RequestServices.GetRequiredService<StartQuota>().RefusalAsync(caller.WorkspaceId, starts, http.RequestAborted) is { } wait
            ? Refusals.Result(http, wait)
            : await next(context);
    }

    /// <summary>Runs until it waits for the first time, or has had its turn.</summary>
    public static async Task<Results<Ok<RunAnswer>, NotFound, JsonHttpResult<StudioError>>> ExecuteAsync(
        string definitionId, RunRequest request, HttpContext context, WorkspaceContext caller, WorkflowService workflows, InstanceReader reader, Database database, CancellationToken cancellationToken)
    {
        if (request.ProblemOf() is { } problem) return StudioErrors.BadRequest(problem);
        if (await VersionAsync(definitionId, request, caller, database, cancellationToken) is not { } version) return TypedResults.NotFound();
        var id = request.InstanceId ?? Guid.CreateVersion7();
        if (request.InstanceId is not null && await IsAnothersAsync(database, id, definitionId, caller, cancellationToken)) return TypedResults.NotFound();
        var started = await workflows.StartAsync(Start(request, id, version, caller), cancellationToken);
        context.Response.Headers[CannotStartHeader] = (started.Errors.Count > 0).ToString();
        if (started.Errors.Count > 0) return Refused(started.Errors);
        context.Response.Headers[InstanceHeader] = id.ToString();
        return await reader.ReadAsync(caller.WorkspaceId, id, cancellationToken) is { } detail ? TypedResults.Ok(new RunAnswer(WorkflowStateView.Of(detail))) : TypedResults.NotFound();
    }

    /// <summary>Writes the run; any node takes it. Sent again with the same instance id it is the same run.</summary>
    public static async Task<Results<Ok<Dispatched>, NotFound, JsonHttpResult<StudioError>>> DispatchAsync(
        string definitionId, RunRequest request, WorkspaceContext caller, WorkflowService workflows, Database database, CancellationToken cancellationToken)
    {
        if (request.ProblemOf() is { } problem) return StudioErrors.BadRequest(problem);
        if (await VersionAsync(definitionId, request, caller, database, cancellationToken) is not { } version) return TypedResults.NotFound();
        var id = request.InstanceId ?? Guid.CreateVersion7();
        if (request.InstanceId is not null && await IsAnothersAsync(database, id, definitionId, caller, cancellationToken)) return TypedResults.NotFound();
        var errors = await workflows.DispatchAsync([Start(request, id, version, caller)], cancellationToken);
        return errors.Count > 0 ? Refused(errors) : TypedResults.Ok(new Dispatched(id));
    }

    /// <summary>Writes several runs, or none of them.</summary>
    public static async Task<Results<Ok<DispatchedMany>, NotFound, JsonHttpResult<StudioError>>> DispatchManyAsync(
        string definitionId, RunRequest request, WorkspaceContext caller, WorkflowService workflows, Database database, CancellationToken cancellationToken)
    {
        if (request.Count is < 1 or > MostAtOnce) return StudioErrors.BadRequest($"count: 1 to {MostAtOnce} runs at once.");
        if (request.ProblemOf() is { } problem) return StudioErrors.BadRequest(problem);
        if (await VersionAsync(definitionId, request, caller, database, cancellationToken) is not { } version) return TypedResults.NotFound();
        Guid[] ids = [.. Enumerable.Range(0, request.Count ?? 1).Select(_ => Guid.CreateVersion7())];
        var errors = await workflows.DispatchAsync([.. ids.Select(id => Start(request, id, version, caller))], cancellationToken);
        return errors.Count > 0 ? Refused(errors) : TypedResults.Ok(new DispatchedMany(ids));
    }

    private static StartRequest Start(RunRequest request, Guid id, string version, WorkspaceContext caller) =>
        new(id, caller.WorkspaceId, version, request.CorrelationId, request.Input) { TriggerActivityId = request.TriggerActivityId };

    private static JsonHttpResult<StudioError> Refused(IReadOnlyList<DefinitionError> errors) => StudioErrors.BadRequest([.. errors.Select(error => error.Message)]);

    /// <summary>An id that was chosen before for another workflow or by another workspace, or is kept for a run that is to come: ids are of the whole installation.</summary>
    private static async Task<bool> IsAnothersAsync(Database database, Guid id, string definitionId, WorkspaceContext caller, CancellationToken cancellationToken)
    {
        using var scope = DatabaseScope.AllWorkspaces();
        return await database.FirstAsync(TakenSql, row => row.GetBoolean(0), cancellationToken, id, caller.WorkspaceId, definitionId);
    }

    /// <summary>What the workspace sees: nothing that it deleted or took out of service.</summary>
    private static async Task<string?> VersionAsync(string definitionId, RunRequest request, WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        VersionOptions.TryParse(request.VersionOptions, VersionOptions.Published, out var which)
            ? (await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, which, cancellationToken))?.VersionId
            : null;
}
