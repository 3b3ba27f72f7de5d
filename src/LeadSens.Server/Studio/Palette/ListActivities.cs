using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Palette;

/// <summary>The palette; Studio asks again after every save.</summary>
internal static class ListActivities
{
    public static async Task<Ok<StudioList<ActivityView>>> HandleAsync(WorkspaceContext caller, ActivityPalette palette, CancellationToken cancellationToken) =>
        TypedResults.Ok(StudioList.Of(await palette.ListAsync(caller.WorkspaceId, cancellationToken)));
}
