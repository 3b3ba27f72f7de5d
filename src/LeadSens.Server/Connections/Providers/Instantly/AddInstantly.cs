using LeadSens.Server.Campaigns;
using LeadSens.Server.Discovery;
using LeadSens.Server.Push;
using LeadSens.Server.Webhooks;

namespace LeadSens.Server.Connections.Providers.Instantly;

internal static class AddInstantlyExtensions
{
    public static IServiceCollection AddInstantly(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<InstantlyClient>();
        services.AddProvider<InstantlyOptions>("Instantly", configuration)
            .With<AccountCheck, InstantlyCheck>()
            .With<ProviderWebhook, InstantlyWebhook>()
            .With<CampaignUse, InstantlyInCampaigns>()
            .With<LeadSource, InstantlySource>()
            .With<CampaignSender, InstantlySender>();
        return services;
    }
}
