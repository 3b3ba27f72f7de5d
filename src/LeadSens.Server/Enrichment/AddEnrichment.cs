namespace LeadSens.Server.Enrichment;

internal static class EnrichmentRegistration
{
    public static IServiceCollection AddEnrichment(this IServiceCollection services) => services.AddJobHandler<EnrichHandler, EnrichInput, EnrichResult>();
}
