using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Takes definitions from files. Each becomes a draft: what is in service stays so, and a draft that was there stays as an older version.</summary>
internal static class ImportDefinitions
{
    public sealed record Imported(int Count);

    public static async Task<Results<Ok<JsonObject>, JsonHttpResult<StudioError>>> OneAsync(
        StudioBody body, WorkspaceContext caller, DefinitionEditing editing, DefinitionViews views, IOptions<JsonLimits> limits, CancellationToken cancellationToken)
    {
        if (Problem(body.Json, limits.Value) is { } problem) return StudioErrors.BadRequest(problem);
        var change = await ImportAsync(body.Json, caller, editing, cancellationToken);
        return change.Version is null ? SaveDefinition.Refusal(change) : TypedResults.Ok(await views.MakeAsync(change.Version, caller, null, cancellationToken));
    }

    /// <summary>All files are read before the first is saved: a bad one spoils nothing.</summary>
    public static async Task<Results<Ok<Imported>, JsonHttpResult<StudioError>>> FilesAsync(
        HttpRequest request, WorkspaceContext caller, DefinitionEditing editing, IOptions<JsonLimits> limits, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType) return StudioErrors.BadRequest("Send the files as multipart/form-data in the field 'files'.");
        var form = await request.ReadFormAsync(cancellationToken);
        var (definitions, errors) = await DefinitionFiles.ReadAsync(form.Files, limits.Value, cancellationToken);
        foreach (var (name, definition) in definitions)
        {
            if (Problem(definition, limits.Value) is { } problem) errors.Add($"{name}: {problem}");
        }
        if (errors.Count > 0) return StudioErrors.BadRequest([.. errors]);
        foreach (var (_, definition) in definitions) await ImportAsync(definition, caller, editing, cancellationToken);
        return TypedResults.Ok(new Imported(definitions.Count));
    }

    private static Task<DefinitionChange> ImportAsync(JsonObject definition, WorkspaceContext caller, DefinitionEditing editing, CancellationToken cancellationToken)
    {
        var own = DefinitionForm.Normalise(definition.DeepClone().AsObject());
        // Its version id is another system's, or that of the export: it says nothing about what the caller saw.
        own.Remove("id");
        return editing.SaveAsync(caller.Author(), own, publish: false, afterLatest: true, cancellationToken);
    }

    private static string? Problem(JsonObject definition, JsonLimits limits) =>
        definition["root"] is JsonObject ? DefinitionForm.Check(definition, limits) : "This is no workflow: it has no root activity.";
}
