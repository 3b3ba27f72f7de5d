namespace LeadSens.Server.Suppressions;

internal static class SuppressionsRegistration
{
    public static IServiceCollection AddSuppressions(this IServiceCollection services) => services.AddSingleton<SuppressionKeys>();
}
