using LeadSens.Server.Discovery;

namespace LeadSens.Server.Push;

internal static class PushRegistration
{
    public static IServiceCollection AddPush(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IntentOptions>().Bind(configuration.GetSection(IntentOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IntentRows>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<Intents>();
        services.AddSingleton<VerifyReceipts>();
        services.AddLeadPush();
        services.AddJobHandler<PushJob, CampaignAtSender, PushResult>();
        services.AddJobHandler<ActivateJob, CampaignAtSender, Activation>();
        services.AddJobHandler<CrmSyncJob, IReadOnlyList<CrmLead>, IReadOnlyList<SyncedLead>>();
        return services;
    }

    private static void AddLeadPush(this IServiceCollection services)
    {
        services.AddSingleton<CreateCampaignCall>();
        services.AddSingleton<ActivateCampaignCall>();
        services.AddSingleton<PushWriter>();
        services.AddSingleton<LeadIntents>();
        services.AddSingleton<PushSteps>();
        services.AddSingleton<ReadBack>();
        services.AddSingleton<LeadPush>();
    }
}
