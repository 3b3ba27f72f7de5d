using LeadSens.Server.Api;
using LeadSens.Server.Changes;
using LeadSens.Server.Connections.OAuth;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Connections.Providers.Jina;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Connections.Providers.Slack;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Operations;
using LeadSens.Server.UseCases;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

internal static class ConnectionsRegistration
{
    /// <summary>The providers' accounts, clients and limits.</summary>
    public static IServiceCollection AddConnections(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(SandboxOf);
        services.AddSingleton<ProviderRegistry>().AddSingleton<ProviderNames>();
        services.AddSingleton<ConfiguredConnections>();
        services.AddSingleton<ProviderAddresses>().AddSingleton<ConnectionRows>().AddSingleton<ConnectionCache>().AddSingleton<ConnectionEnds>().AddSingleton<Reads>();
        services.AddSingleton<RefreshLeases>().AddSingleton<TokenRefresh>().AddSingleton<LookAtConnection>();
        services.AddSingleton<ConnectAccount>().AddSingleton<DisconnectAccount>().AddSingleton<AuthorizationStates>().AddSingleton<AcceptTokens>();
        services.AddSingleton<ConnectionSource, WorkspaceConnections>().AddSingleton(typeof(ProviderFor<>));
        services.AddSingleton<OnAccountRefused>(provider =>
            (workspaceId, refused, cancellationToken) => ConnectionRows.DoubtAsync(provider.GetRequiredService<SystemDatabase>(), workspaceId, refused, cancellationToken));
        services.AddJobHandler<RefreshJob, Guid, Renewal>();
        services.AddHostedService<ConnectionCare>();
        services.AddChangeKind(ChangeKind.Connection, Permission.Read);
        services.AddOptions<LimitOptions>().Configure(limits => configuration.GetSection(LimitOptions.Section).Bind(limits.Accounts)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitOptions>>(provider => new LimitOptionsRules(provider.GetRequiredService<ProviderNames>().All));
        services.AddSingleton<ProviderLimits>();
        services.AddHostedService(provider => provider.GetRequiredService<ProviderLimits>());
        services.AddUseCase<ListConnections, ListConnections.Request, Page<ConnectionView>>().AddUseCase<ConnectByKey, ConnectByKey.ToProvider,
            ConnectionView>()
            .AddUseCase<Disconnect, Disconnect.Request, Done>();
        return services.AddInstantly(configuration).AddHubSpot(configuration).AddMistral(configuration).AddJina(configuration).AddSlack();
    }

    /// <summary>Nothing falls back to the Sandbox in production.</summary>
    private static SandboxOptions SandboxOf(IServiceProvider provider) => new(
        provider.GetRequiredService<IHostEnvironment>().IsProduction() ? null : provider.GetRequiredService<IOptions<LeadSensOptions>>().Value.SandboxUrl);
}
