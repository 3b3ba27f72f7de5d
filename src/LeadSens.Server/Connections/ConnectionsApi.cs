using LeadSens.Server.Api;
using LeadSens.Server.Connections.OAuth;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Connections;

/// <summary>A workspace's accounts at the providers.</summary>
internal static class ConnectionsApi
{
    public static void MapConnections(this IEndpointRouteBuilder app)
    {
        var group = app.MapApiGroup("connections");
        group.MapGet("/", (UseCaseCall call, ListConnections list) => call.OkAsync(list, new())).Runs(ListConnections.Declaration);
        group.MapPut("/{provider}", (string provider, ConnectByKey.Request request, UseCaseCall call, ConnectByKey connect) =>
            call.OkAsync(connect, new(provider, request))).WaitsOutside().Runs(ConnectByKey.Declaration).Refuses(StatusCodes.Status502BadGateway);
        group.MapPost("/{id:guid}/test", TestAsync).WaitsOutside().Needs(Permission.Manage).Named("testConnection", "Ask the provider how a connection is");
        group.MapDelete("/{id:guid}", (Guid id, UseCaseCall call, Disconnect disconnect) => call.DoneAsync(disconnect, new(id)))
            .WaitsOutside().Runs(Disconnect.Declaration);
        group.MapGet("/{provider}/auth", BeginAuthorization.HandleAsync).Needs(Permission.Manage)
            .Named("beginAuthorization", "Send a browser to the provider, to let us in").Produces(StatusCodes.Status302Found).Refuses(StatusCodes.Status409Conflict);
        // The browser comes back from another site: it gets a page for every case, also when the session is over.
        group.MapGet("/{provider}/callback", FinishAuthorization.HandleAsync).WaitsOutside().Needs(AccessRule.Anybody).ExcludeFromDescription();
        foreach (var (_, routes) in app.ServiceProvider.GetRequiredService<ProviderRegistry>().With<ProviderRoutes>()) routes.Map(app);
    }

    private static async Task<Results<Ok<ConnectionView>, ProblemHttpResult>> TestAsync(
        Guid id, WorkspaceContext caller, LookAtConnection look, ProviderRegistry providers, CancellationToken cancellationToken) =>
        await look.ExecuteAsync(caller.WorkspaceId, id, cancellationToken) is { } row ? TypedResults.Ok(ConnectionView.Of(row, providers))
            : Problems.NotFound("connection_not_found");
}
