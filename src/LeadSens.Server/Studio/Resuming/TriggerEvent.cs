using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>Sends an event to what it starts and resumes now. With an <c>Idempotency-Key</c> it is sent once however often the caller asks for it.</summary>
internal static class TriggerEvent
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 200;

    private const string ExecutionSql = """
        select b.id, b.instance_id from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id
        where i.workspace_id = $1 and b.execution_id = $2 and b.key = $3 and ($4::uuid is null or i.id = $4) order by b.created_at desc limit 1
        """;

    public static async Task<Results<Ok, JsonHttpResult<StudioError>>> HandleAsync(
        string eventName, StudioBody body, HttpContext context, WorkspaceContext caller, Workflows.Resuming resuming, Database database, CancellationToken cancellationToken)
    {
        if (!TryId(body, "workflowInstanceId", out var instance)) return StudioErrors.BadRequest("workflowInstanceId: this is no id.");
        if (!TryId(body, "activityInstanceId", out var execution)) return StudioErrors.BadRequest("activityInstanceId: this is no id.");
        if (body.Text("workflowExecutionMode") is { } mode && mode is not ("Asynchronous" or "Synchronous")) return StudioErrors.BadRequest("workflowExecutionMode: Asynchronous or Synchronous.");
        var given = context.Request.Headers[KeyHeader].ToString();
        if (given.Length > LongestKey) return StudioErrors.BadRequest($"{KeyHeader}: at most {LongestKey} characters.");
        if (!KeyLength.Fits(eventName) || !KeyLength.Fits(body.Text("correlationId"))) return StudioErrors.BadRequest($"eventName, correlationId: at most {KeyLength.Longest} characters.");
        if (instance is { } id && !await ExistsAsync(database, caller.WorkspaceId, id, cancellationToken)) return StudioErrors.NotFound($"There is no instance '{id}'.");

        var (key, now) = (Event.Key(caller.WorkspaceId, eventName), body.Text("workflowExecutionMode") == "Synchronous");
        var dedupe = $"trigger:{caller.WorkspaceId}:{(given.Length > 0 ? $"{caller.Caller}:{given}" : Guid.CreateVersion7().ToString())}";
        if (execution is { } one) return await ResumeOneAsync(one, instance, key, dedupe, body.Json["input"], now, caller, resuming, database, cancellationToken);
        await resuming.SendAsync(
            new Stimulus(key, dedupe, StimulusKind.Broadcast, body.Json["input"]) { InstanceId = instance, CorrelationId = string.IsNullOrEmpty(body.Text("correlationId")) ? null : body.Text("correlationId") },
            mustReach: false, now, cancellationToken);
        return TypedResults.Ok();
    }

    /// <summary>Only the box in that execution gets it.</summary>
    private static async Task<Results<Ok, JsonHttpResult<StudioError>>> ResumeOneAsync(
        Guid execution, Guid? instance, string key, string dedupe, JsonNode? input, bool now, WorkspaceContext caller, Workflows.Resuming resuming, Database database, CancellationToken cancellationToken)
    {
        var found = await database.FirstAsync(
            ExecutionSql, row => (Id: row.GetGuid(0), Instance: row.GetGuid(1)), cancellationToken,
            caller.WorkspaceId, execution, key, instance);
        if (found.Id == default) return StudioErrors.NotFound($"The activity instance '{execution}' does not wait for this event.");
        await resuming.BookmarkAsync(found.Id, found.Instance, dedupe, input, now, cancellationToken);
        return TypedResults.Ok();
    }

    private static Task<bool> ExistsAsync(Database database, Guid workspace, Guid instance, CancellationToken cancellationToken) =>
        database.FirstAsync("select true from workflow_instances where id = $2 and workspace_id = $1", row => row.GetBoolean(0), cancellationToken, workspace, instance);

    /// <summary>False when it is there and no id.</summary>
    private static bool TryId(StudioBody body, string name, out Guid? id)
    {
        id = Guid.TryParse(body.Text(name), out var parsed) ? parsed : null;
        return id is not null || body.Json[name] is null || body.Text(name) is "";
    }
}
