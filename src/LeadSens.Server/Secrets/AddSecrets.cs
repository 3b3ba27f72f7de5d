namespace LeadSens.Server.Secrets;

internal static class SecretsRegistration
{
    /// <summary>Sealing of what is stored and signing of what goes out. Comes after the database, whose migrations it needs at the start.</summary>
    public static void AddSecrets(this IServiceCollection services)
    {
        services.AddSingleton<MasterKeys>();
        services.AddSingleton<RetiredKeys>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<SigningKeys>();
        services.AddHostedService<ReadRetiredKeys>();
        services.AddHostedService<BindAnew>();
    }
}
