using System.Security.Cryptography;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Push;

internal static class PushRegistration
{
    public static IServiceCollection AddPush(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IntentOptions>().Bind(configuration.GetSection(IntentOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ReceiptOptions>().Configure<IOptions<LeadSensOptions>>((receipts, house) => receipts.Key = KeyFrom(house.Value.EncryptionKey));
        services.AddSingleton<IntentRows>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<Intents>();
        services.AddSingleton<Reads>();
        services.AddSingleton<VerifyReceipts>();
        services.AddLeadPush();
        services.AddJobHandler<PushJob, CampaignAtInstantly, PushResult>();
        services.AddJobHandler<ActivateJob, CampaignAtInstantly, Activation>();
        services.AddJobHandler<CrmSyncJob, IReadOnlyList<HubSpotContactInput>, IReadOnlyList<SyncedLead>>();
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

    /// <summary>Receipts have a key of their own, so that this use cannot weaken another. Production does not start without the house's key.</summary>
    private static byte[] KeyFrom(string? encryptionKey) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, encryptionKey is null ? "leadsens-development"u8.ToArray() : Convert.FromHexString(encryptionKey), 32, info: "leadsens-receipts"u8.ToArray());
}
