namespace LeadSens.Server.Connections.Providers.Mistral;

internal static class AddMistralExtensions
{
    public static IServiceCollection AddMistral(this IServiceCollection services, IConfiguration configuration) =>
        services.AddProvider<MistralOptions>(configuration).AddSingleton<MistralHttp>().AddSingleton<AccountCheck, MistralCheck>();
}
