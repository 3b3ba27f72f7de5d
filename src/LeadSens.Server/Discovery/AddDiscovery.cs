namespace LeadSens.Server.Discovery;

internal static class DiscoveryRegistration
{
    public static IServiceCollection AddDiscovery(this IServiceCollection services)
    {
        services.AddSingleton<CreditCall>();
        services.AddSingleton<ListFilling>();
        services.AddSingleton<ListReader>();
        services.AddJobHandler<CountHandler, SearchInput, CountResult>();
        services.AddJobHandler<SourceHandler, SearchInput, SourceResult>();
        services.AddJobHandler<DeduplicateHandler, PartInput, KnownContacts>();
        return services;
    }
}
