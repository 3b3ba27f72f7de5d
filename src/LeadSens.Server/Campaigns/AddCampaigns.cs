using LeadSens.Activities;
using LeadSens.Server.Api;
using LeadSens.Server.Changes;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Campaigns;

internal static class CampaignsRegistration
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services)
    {
        services.AddSingleton<ICampaigns, RunCampaigns>();
        services.AddSingleton<CampaignTargets>();
        services.AddSingleton<CampaignViews>();
        services.AddSingleton<CampaignStart>();
        services.AddSingleton<RunWishes>();
        services.AddSingleton<OnRunEnded>(RunEnded.Write);
        services.AddHostedService<StartUnstarted>();
        services.AddHostedService<FoldCounts>();
        services.AddChangeKind(ChangeKind.Campaign, Permission.Read);
        return services
            .AddUseCase<CreateCampaign, CampaignRequest, CampaignView>()
            .AddUseCase<ListCampaigns, ListCampaigns.Request, Page<CampaignSummary>>()
            .AddUseCase<GetCampaign, CampaignId, CampaignView>()
            .AddUseCase<ChangeCampaign, ChangeCampaign.Request, CampaignView>()
            .AddUseCase<StartCampaign, CampaignId, CampaignView>()
            .AddUseCase<PauseCampaign, CampaignId, CampaignView>()
            .AddUseCase<ResumeCampaign, CampaignId, CampaignView>()
            .AddUseCase<CancelCampaign, CampaignId, CampaignView>()
            .AddUseCase<ForecastCampaign, CampaignId, Forecast>()
            .AddUseCase<GetFunnel, CampaignId, Funnel>()
            .AddUseCase<ListExclusions, ListExclusions.Request, Page<Exclusion>>();
    }
}
