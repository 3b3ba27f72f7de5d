using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Palette;

/// <summary>The choices of an input, asked for again when another input changes.</summary>
internal static class RefreshOptions
{
    public sealed record Answer(IReadOnlyDictionary<string, object> Items);

    public static async Task<Results<Ok<Answer>, JsonHttpResult<StudioError>>> HandleAsync(
        string typeName, string property, StudioBody body, WorkspaceContext caller, ActivityPalette palette, CancellationToken cancellationToken)
    {
        var type = await palette.FindAsync(caller.WorkspaceId, typeName, cancellationToken);
        return type?.Inputs.FirstOrDefault(input => input.Name.Equals(property, StringComparison.OrdinalIgnoreCase)) is { } input
            ? TypedResults.Ok(new Answer(input.UiSpecifications ?? new Dictionary<string, object>()))
            : StudioErrors.NotFound($"'{typeName}' has no input '{property}'.");
    }
}
