using Microsoft.Extensions.Options;

namespace LeadSens.Server.Ai;

internal static class AiRegistration
{
    /// <summary>Language models, what they cost, and the record of their calls. Registered before the workers: the writer then stops after them.</summary>
    public static IServiceCollection AddAi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AiOptions>().Bind(configuration.GetSection(AiOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AiOptions>, AiOptionsRules>();
        services.AddSingleton<ModelPrices>();
        services.AddSingleton<ModelMeter>();
        services.AddSingleton<ChatClients>();
        services.AddSingleton<StructuredModel>();
        services.AddSingleton<AiEventWriter>();
        return services.AddHostedService(provider => provider.GetRequiredService<AiEventWriter>());
    }
}
