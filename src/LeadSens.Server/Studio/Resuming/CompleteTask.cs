using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>Reports a task of a RunTask as done. Reported again, the first result stays.</summary>
internal static class CompleteTask
{
    public static async Task<Results<Ok<JsonObject>, JsonHttpResult<StudioError>>> HandleAsync(
        string taskId, StudioBody body, WorkspaceContext caller, Workflows.Resuming resuming, Database database, CancellationToken cancellationToken)
    {
        var key = RunTask.Key(taskId);
        if (!await IsOwnAsync(database, caller.WorkspaceId, key, cancellationToken)) return StudioErrors.NotFound($"There is no task '{taskId}'.");
        await resuming.SendAsync(new Stimulus(key, key, StimulusKind.Directed, body.Json["result"]), mustReach: false, now: false, cancellationToken);
        return TypedResults.Ok(new JsonObject());
    }

    private static Task<bool> IsOwnAsync(Database database, Guid workspace, string key, CancellationToken cancellationToken) => database.FirstAsync(
        "select true from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where b.key = $2 and i.workspace_id = $1",
        row => row.GetBoolean(0), cancellationToken, workspace, key);
}
