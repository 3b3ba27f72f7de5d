using LeadSens.Activities;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Campaigns;

internal static class CampaignsRegistration
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services)
    {
        services.AddSingleton<ICampaigns, RunCampaigns>();
        services.AddSingleton<CampaignTargets>();
        services.AddSingleton<CampaignViews>();
        services.AddSingleton<CampaignLooks>();
        services.AddSingleton<CampaignStart>();
        services.AddSingleton<RunWishes>();
        services.AddSingleton<OnRunEnded>(RunEnded.Write);
        services.AddHostedService<StartUnstarted>();
        return services;
    }
}
