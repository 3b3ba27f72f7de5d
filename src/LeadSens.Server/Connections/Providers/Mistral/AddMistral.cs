using LeadSens.Server.Ai;
using LeadSens.Server.Campaigns;

namespace LeadSens.Server.Connections.Providers.Mistral;

internal static class AddMistralExtensions
{
    public static IServiceCollection AddMistral(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<MistralHttp>().Configure<AiOptions>(MistralModels.AddDefaults);
        services.AddProvider<MistralOptions>("Mistral", configuration).With<AccountCheck, MistralCheck>().With<CampaignUse, MistralInCampaigns>()
            .With<LanguageModels, MistralModels>();
        return services;
    }
}
