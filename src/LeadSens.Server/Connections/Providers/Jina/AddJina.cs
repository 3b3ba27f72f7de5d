using LeadSens.Server.Campaigns;
using LeadSens.Server.Enrichment;

namespace LeadSens.Server.Connections.Providers.Jina;

internal static class AddJinaExtensions
{
    public static IServiceCollection AddJina(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddProvider<JinaOptions>("Jina", configuration).With<AccountCheck, JinaCheck>().With<CampaignUse, JinaInCampaigns>()
            .With<PageReader, JinaClient>();
        return services;
    }
}
