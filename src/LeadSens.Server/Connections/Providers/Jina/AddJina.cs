namespace LeadSens.Server.Connections.Providers.Jina;

internal static class AddJinaExtensions
{
    public static IServiceCollection AddJina(this IServiceCollection services, IConfiguration configuration) =>
        services.AddProvider<JinaOptions>(configuration).AddSingleton<JinaClient>().AddSingleton<AccountCheck, JinaCheck>();
}
