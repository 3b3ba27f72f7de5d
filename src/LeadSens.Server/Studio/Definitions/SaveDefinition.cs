using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>What a save or a publication made.</summary>
/// <param name="ValidationErrors">What keeps the draft from being published.</param>
internal sealed record SavedAnswer(JsonObject WorkflowDefinition, bool AlreadyPublished, int ConsumingWorkflowCount, IReadOnlyList<string> ValidationErrors);

/// <summary>Saves a draft, as Studio does half a second after each change, or publishes it.</summary>
internal static class SaveDefinition
{
    public static async Task<Results<Ok<SavedAnswer>, JsonHttpResult<StudioError>>> HandleAsync(
        StudioBody body, WorkspaceContext caller, DefinitionEditing editing, DefinitionViews views, IOptions<JsonLimits> limits, CancellationToken cancellationToken)
    {
        if (body.Json["model"] is not JsonObject model) return StudioErrors.BadRequest("The request has no model.");
        if (DefinitionForm.Check(model, limits.Value) is { } problem) return StudioErrors.BadRequest(problem);
        var mark = EditorMark.Of(model);
        var author = new DefinitionAuthor(caller.WorkspaceId, caller.Caller, mark?.Editor, mark?.Revision) { By = caller.By };
        var change = await editing.SaveAsync(author, DefinitionForm.Normalise(model.DeepClone().AsObject()), body.Flag("publish"), afterLatest: false, cancellationToken);
        return await AnswerAsync(change, mark, caller, views, cancellationToken);
    }

    public static async Task<Results<Ok<SavedAnswer>, JsonHttpResult<StudioError>>> AnswerAsync(
        DefinitionChange change, EditorMark? mark, WorkspaceContext caller, DefinitionViews views, CancellationToken cancellationToken)
    {
        if (change.Version is null) return Refusal(change);
        var view = await views.MakeAsync(change.Version, caller, mark, cancellationToken);
        return TypedResults.Ok(new SavedAnswer(view, change.WasPublished, 0, [.. change.Errors.Select(error => error.Message)]));
    }

    /// <summary>Errors by the box that they are in; each names the box too.</summary>
    public static JsonHttpResult<StudioError> Refusal(DefinitionChange change) => change.Errors.Count == 0
        ? StudioErrors.BadRequest(change.Refusal ?? "The workflow cannot be saved.")
        : StudioErrors.BadRequest(change.Errors.GroupBy(Key).ToDictionary(group => group.Key, group => group.Select(error => error.Message).Distinct().ToArray()));

    private static string Key(DefinitionError error) => string.IsNullOrEmpty(error.ActivityId) ? StudioErrors.General : error.ActivityId;
}
