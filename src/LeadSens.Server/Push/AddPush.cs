using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using LeadSens.Server.Operations;

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
        return services;
    }

    /// <summary>Registers a kind of call that may not be repeated, so that its intents are settled even when nobody waits for them any more.</summary>
    public static IServiceCollection AddIntentCall<TCall>(this IServiceCollection services) where TCall : IntentCall
    {
        services.AddSingleton<TCall>();
        services.AddSingleton<IntentCall>(provider => provider.GetRequiredService<TCall>());
        return services;
    }

    /// <summary>Receipts have a key of their own, so that this use cannot weaken another. Production does not start without the house's key.</summary>
    private static byte[] KeyFrom(string? encryptionKey) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, encryptionKey is null ? "leadsens-development"u8.ToArray() : Convert.FromHexString(encryptionKey), 32, info: "leadsens-receipts"u8.ToArray());
}
