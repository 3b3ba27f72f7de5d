namespace LeadSens.Server.Audit;

internal static class AuditRegistration
{
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditSeals>().AddHostedService(provider => provider.GetRequiredService<AuditSeals>());
}
