using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using LeadSens.Server.UseCases;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>Every provider, with the workspace's connection or what serves in its place.</summary>
internal sealed class ListConnections(ConnectionRows rows, ProviderRegistry providers, ConfiguredConnections configured, IOptions<LeadSensOptions> house)
    : IUseCase<ListConnections, ListConnections.Request, Page<ConnectionView>>
{
    public sealed record Request;

    public static UseCase Declaration { get; } =
        new("listConnections", "Every provider, with the workspace's connection or what serves in its place", Permission.Read);

    public async Task<Outcome<Page<ConnectionView>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var own = (await rows.AllAsync(caller.WorkspaceId, cancellationToken)).ToDictionary(row => row.Provider);
        return new Page<ConnectionView>([.. providers.WithAccounts.Select(provider =>
            own.TryGetValue(provider.Name, out var row) ? ConnectionView.Of(row, providers)
                : ConnectionView.Of(provider, house.Value.SharedAccounts ? configured.Find(provider.Name) : null))], null);
    }
}
