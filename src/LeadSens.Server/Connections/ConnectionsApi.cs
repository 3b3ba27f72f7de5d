using LeadSens.Server.Api;
using LeadSens.Server.Connections.OAuth;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>A workspace's accounts at the providers.</summary>
internal static class ConnectionsApi
{
    public static void MapConnections(this IEndpointRouteBuilder app)
    {
        var group = app.MapApiGroup("connections");
        group.MapGet("/", ListAsync).Named("listConnections", "Every provider, with the workspace's connection or what serves in its place");
        group.MapPut("/{provider}", ConnectByKey.HandleAsync).WaitsOutside().Needs(Permission.Manage)
            .Named("connectByKey", "Connect an account by its API key").Refuses(StatusCodes.Status502BadGateway);
        group.MapPost("/{id:guid}/test", TestAsync).WaitsOutside().Needs(Permission.Manage).Named("testConnection", "Ask the provider how a connection is");
        group.MapDelete("/{id:guid}", DisconnectAsync).WaitsOutside().Needs(Permission.Manage).Named("disconnect", "End a connection");
        group.MapGet("/{provider}/auth", BeginAuthorization.HandleAsync).Needs(Permission.Manage)
            .Named("beginAuthorization", "Send a browser to the provider, to let us in").Produces(StatusCodes.Status302Found).Refuses(StatusCodes.Status409Conflict);
        // The browser comes back from another site: it gets a page for every case, also when the session is over.
        group.MapGet("/{provider}/callback", FinishAuthorization.HandleAsync).WaitsOutside().Needs(AccessRule.Anybody).ExcludeFromDescription();
        foreach (var (_, routes) in app.ServiceProvider.GetRequiredService<ProviderRegistry>().With<ProviderRoutes>()) routes.Map(app);
    }

    /// <summary>Every provider, with the workspace's connection or what serves in its place.</summary>
    private static async Task<Ok<Page<ConnectionView>>> ListAsync(
        WorkspaceContext caller, ConnectionRows rows, ProviderRegistry providers, ConfiguredConnections configured, IOptions<LeadSensOptions> house,
        CancellationToken cancellationToken)
    {
        var own = (await rows.AllAsync(caller.WorkspaceId, cancellationToken)).ToDictionary(row => row.Provider);
        return TypedResults.Ok(new Page<ConnectionView>([.. providers.WithAccounts.Select(provider =>
            own.TryGetValue(provider.Name, out var row) ? ConnectionView.Of(row, providers)
                : ConnectionView.Of(provider, house.Value.SharedAccounts ? configured.Find(provider.Name) : null))], null));
    }

    private static async Task<Results<Ok<ConnectionView>, ProblemHttpResult>> TestAsync(
        Guid id, WorkspaceContext caller, LookAtConnection look, ProviderRegistry providers, CancellationToken cancellationToken) =>
        await look.ExecuteAsync(caller.WorkspaceId, id, cancellationToken) is { } row ? TypedResults.Ok(ConnectionView.Of(row, providers))
            : Problems.NotFound("connection_not_found");

    private static async Task<Results<NoContent, ProblemHttpResult>> DisconnectAsync(Guid id, WorkspaceContext caller, DisconnectAccount disconnect, CancellationToken cancellationToken) =>
        await disconnect.ExecuteAsync(caller.WorkspaceId, id, caller.By, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("connection_not_found");
}
