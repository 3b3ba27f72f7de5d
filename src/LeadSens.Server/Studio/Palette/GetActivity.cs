using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Palette;

internal static class GetActivity
{
    public static async Task<Results<Ok<ActivityView>, JsonHttpResult<StudioError>>> HandleAsync(
        string typeName, int? version, WorkspaceContext caller, ActivityPalette palette, CancellationToken cancellationToken)
    {
        var found = await palette.FindAsync(caller.WorkspaceId, typeName, cancellationToken);
        return found is null || (version is not null && version != found.Version) ? StudioErrors.NotFound($"There is no activity type '{typeName}'.") : TypedResults.Ok(found);
    }
}
