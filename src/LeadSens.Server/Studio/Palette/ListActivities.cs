using LeadSens.Engine;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Palette;

/// <summary>The palette; Studio asks again after every save.</summary>
internal static class ListActivities
{
    public static Task<Ok<StudioList<ActivityView>>> HandleAsync(ActivityRegistry activities) =>
        Task.FromResult(TypedResults.Ok(StudioList.Of([.. ActivityPalette.Of(activities)])));
}
