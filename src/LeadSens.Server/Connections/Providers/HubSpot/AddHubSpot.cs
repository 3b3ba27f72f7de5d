namespace LeadSens.Server.Connections.Providers.HubSpot;

internal static class AddHubSpotExtensions
{
    public static IServiceCollection AddHubSpot(this IServiceCollection services, IConfiguration configuration) =>
        services.AddProvider<HubSpotOptions>(configuration).AddSingleton<HubSpotClient>().AddSingleton<HubSpotOAuth>().AddSingleton<AccountCheck, HubSpotCheck>();
}
