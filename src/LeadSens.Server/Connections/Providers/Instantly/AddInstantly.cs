namespace LeadSens.Server.Connections.Providers.Instantly;

internal static class AddInstantlyExtensions
{
    public static IServiceCollection AddInstantly(this IServiceCollection services, IConfiguration configuration) =>
        services.AddProvider<InstantlyOptions>(configuration).AddSingleton<InstantlyClient>().AddSingleton<AccountCheck, InstantlyCheck>();
}
