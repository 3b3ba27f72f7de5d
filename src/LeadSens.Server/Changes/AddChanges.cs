using LeadSens.Server.Identity;

namespace LeadSens.Server.Changes;

internal static class ChangesRegistration
{
    public static IServiceCollection AddChanges(this IServiceCollection services) =>
        services.AddSingleton<ChangeHub>().AddHostedService(provider => provider.GetRequiredService<ChangeHub>());

    /// <summary>Lets the feed tell changes of this kind to whoever may read such things.</summary>
    public static IServiceCollection AddChangeKind(this IServiceCollection services, string name, Permission needs) =>
        services.AddSingleton(new ChangeKind(name, needs));
}
