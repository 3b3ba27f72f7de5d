using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Feed;

internal static class FeedApi
{
    public static void MapFeed(this IEndpointRouteBuilder app) => app.MapApiGroup("events").MapGet("", StreamChanges.HandleAsync).StaysOpen()
        .Named("streamChanges", "What changes in the workspace, as server-sent events; goes on where Last-Event-ID says")
        .Produces<ChangeEvent>(StatusCodes.Status200OK, "text/event-stream");
}
