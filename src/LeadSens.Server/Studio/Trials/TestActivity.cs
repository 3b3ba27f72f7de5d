using LeadSens.Server.Data;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Identity;
using LeadSens.Server.Studio.Instances;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Trials;

/// <summary>How a box behaved, as Studio's "Test" tab shows it.</summary>
internal sealed record ActivityTest(JsonObject ActivityState, JsonNode? Outputs, JsonObject? Payload, ExceptionView? Exception, string Status);

/// <summary>Tries one box of a definition, a draft too, with its inputs: in memory, without anything that is seen outside.</summary>
internal static class TestActivity
{
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    public static async Task<Results<Ok<ActivityTest>, JsonHttpResult<StudioError>>> HandleAsync(
        StudioBody body, WorkspaceContext caller, ActivityRegistry activities, Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await FindAsync(body, caller, database, cancellationToken) is not { } definition) return StudioErrors.NotFound("This workflow is not here. Save it first.");
        var handle = body.Json["activityHandle"] as JsonObject;
        if (SoleBox.Of(DefinitionText.Parse(definition.Body)!, handle?.Text("activityId"), handle?.Text("activityNodeId")) is not { } sole) return StudioErrors.NotFound("This workflow has no such activity. Save it first.");
        var read = DefinitionReader.Read(sole.Definition.ToJsonString(), await activities.DrawableAsync(database, caller.WorkspaceId, cancellationToken));
        if (!read.IsValid) return TypedResults.Ok(Failed("DefinitionError", string.Join(" ", read.Errors.Select(error => error.Message))));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MostTime);
        return TypedResults.Ok(View(await ActivityTrial.RunAsync(read.Definition!, sole.Id, caller.WorkspaceId, time, limit.Token)));
    }

    private static ActivityTest View(TrialResult trial)
    {
        if (trial.Fault is { } fault) return Failed(fault.Type, fault.Message);
        if (trial.SubStatus == WorkflowSubStatus.Interrupted) return Failed("Timeout", $"This activity did not end within {MostTime.TotalSeconds:0} seconds.");
        var payload = trial.Payload.ValueKind == System.Text.Json.JsonValueKind.Object ? JsonObject.Create(trial.Payload) : null;
        var shown = new JsonObject();
        if (trial.EventName == "Completed") shown["Outcomes"] = payload?["outcomes"]?.DeepClone() ?? new JsonArray("Done");
        if (trial.EventName == "Suspended") shown["WaitsFor"] = trial.Message;
        if (payload?["notes"] is { } notes) shown["Notes"] = notes.DeepClone();
        return new([], payload?["outputs"]?.DeepClone(), shown, null, trial.EventName == "Completed" ? "Completed" : "Running");
    }

    private static ActivityTest Failed(string type, string message) => new([], null, null, ExceptionView.Of(new Fault(type, message)), "Faulted");

    private static async Task<DefinitionVersion?> FindAsync(StudioBody body, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        if (body.Json["workflowDefinitionHandle"] is not JsonObject handle) return null;
        if (handle.Text("definitionVersionId") is { Length: > 0 } version) return (await database.FindVersionsAsync(caller.WorkspaceId, [version], cancellationToken)).FirstOrDefault();
        return handle.Text("definitionId") is { Length: > 0 } id && VersionOptions.TryParse(handle.Text("versionOptions"), VersionOptions.Latest, out var which)
            ? await database.FindDefinitionAsync(caller.WorkspaceId, id, which, cancellationToken)
            : null;
    }
}
