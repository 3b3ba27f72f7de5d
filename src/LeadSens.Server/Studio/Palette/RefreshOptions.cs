using LeadSens.Engine;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Palette;

/// <summary>The choices of an input, asked for again when another input changes.</summary>
internal static class RefreshOptions
{
    public sealed record Answer(IReadOnlyDictionary<string, object> Items);

    public static Results<Ok<Answer>, JsonHttpResult<StudioError>> HandleAsync(string typeName, string property, StudioBody body, ActivityRegistry activities)
    {
        var input = ActivityPalette.Of(activities).FirstOrDefault(type => type.TypeName == typeName)?.Inputs.FirstOrDefault(input => input.Name.Equals(property, StringComparison.OrdinalIgnoreCase));
        return input is null
            ? StudioErrors.NotFound($"'{typeName}' has no input '{property}'.")
            : TypedResults.Ok(new Answer(input.UiSpecifications ?? new Dictionary<string, object>()));
    }
}
