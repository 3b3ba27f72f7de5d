using LeadSens.Server.Campaigns;
using LeadSens.Server.Connections.OAuth;
using LeadSens.Server.Discovery;
using LeadSens.Server.Webhooks;

namespace LeadSens.Server.Connections.Providers.HubSpot;

internal static class AddHubSpotExtensions
{
    public static IServiceCollection AddHubSpot(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<HubSpotClient>();
        services.AddProvider<HubSpotOptions>("HubSpot", configuration)
            .With<AccountCheck, HubSpotCheck>()
            .With<OAuthApp, HubSpotOAuth>()
            .With<ProviderWebhook, HubSpotWebhook>()
            .With<CampaignUse, HubSpotInCampaigns>()
            .With<Crm, HubSpotCrm>();
        return services;
    }
}
