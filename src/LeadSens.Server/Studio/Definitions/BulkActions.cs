using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>The same for several definitions. What is not there, or cannot be done, does not keep the others from it.</summary>
internal static class BulkActions
{
    private const int Most = 1_000;

    public sealed record Deletion(long Deleted);

    public sealed record Publication(IReadOnlyList<string> Published, IReadOnlyList<string> AlreadyPublished, IReadOnlyList<string> NotFound, IReadOnlyList<string> UpdatedConsumers);

    public sealed record Retraction(IReadOnlyList<string> Retracted, IReadOnlyList<string> AlreadyRetracted, IReadOnlyList<string> NotFound);

    public static async Task<Ok<Deletion>> DeleteDefinitionsAsync(StudioBody body, WorkspaceContext caller, DefinitionEditing editing, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Deletion(await editing.DeleteAsync(caller.Author(), body.Texts("definitionIds"), cancellationToken)));

    public static async Task<Ok<Deletion>> DeleteVersionsAsync(StudioBody body, WorkspaceContext caller, DefinitionEditing editing, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Deletion(await editing.DeleteVersionsAsync(caller.Author(), body.Texts("ids"), cancellationToken)));

    /// <summary>A definition with errors is published by nobody: the answer is the errors, after the others were published.</summary>
    public static async Task<Results<Ok<Publication>, JsonHttpResult<StudioError>>> PublishAsync(
        StudioBody body, WorkspaceContext caller, DefinitionEditing editing, CancellationToken cancellationToken)
    {
        var (published, already, missing, errors) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        foreach (var id in body.Texts("definitionIds").Take(Most))
        {
            var change = await editing.PublishAsync(caller.Author(), id, cancellationToken);
            if (change is { Version: null }) errors.AddRange(change.Errors.Select(error => $"{id}: {error.Message}"));
            else (change is null ? missing : change.WasPublished ? already : published).Add(id);
        }
        return errors.Count > 0 ? StudioErrors.BadRequest([.. errors]) : TypedResults.Ok(new Publication(published, already, missing, []));
    }

    public static async Task<Ok<Retraction>> RetractAsync(StudioBody body, WorkspaceContext caller, DefinitionEditing editing, CancellationToken cancellationToken)
    {
        var (retracted, already, missing) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var id in body.Texts("definitionIds").Take(Most))
        {
            var change = await editing.RetractAsync(caller.Author(), id, cancellationToken);
            (change is null ? missing : change.Version is null ? already : retracted).Add(id);
        }
        return TypedResults.Ok(new Retraction(retracted, already, missing));
    }
}
