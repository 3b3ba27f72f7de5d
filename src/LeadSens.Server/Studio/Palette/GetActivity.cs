using LeadSens.Engine;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Palette;

internal static class GetActivity
{
    public static Task<Results<Ok<ActivityView>, JsonHttpResult<StudioError>>> HandleAsync(string typeName, int? version, ActivityRegistry activities)
    {
        var found = ActivityPalette.Of(activities).FirstOrDefault(type => type.TypeName == typeName && (version is null || type.Version == version));
        return Task.FromResult<Results<Ok<ActivityView>, JsonHttpResult<StudioError>>>(found is null ? StudioErrors.NotFound($"There is no activity type '{typeName}'.") : TypedResults.Ok(found));
    }
}
