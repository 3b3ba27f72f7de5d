using LeadSens.Server.UseCases;

namespace LeadSens.Server.Rights;

internal static class RightsRegistration
{
    public static IServiceCollection AddRights(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ForgetByAge>().AddHostedService(provider => provider.GetRequiredService<ForgetByAge>());
        services.AddSingleton<EraseReceipts>().AddSingleton<Erasures>().AddSingleton<EraseSweep>();
        return services.AddHostedService(provider => provider.GetRequiredService<EraseSweep>())
            .AddUseCase<EraseLead, EraseLead.Request, Erasure>().AddUseCase<ErasePerson, RightsApi.EraseRequest, Erasure>()
            .AddUseCase<GetErasure, GetErasure.Request, Erasure>();
    }
}
