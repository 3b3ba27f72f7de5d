namespace LeadSens.Server.Contacts;

internal static class ContactsRegistration
{
    public static IServiceCollection AddContacts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ContactsOptions>().Bind(configuration.GetSection(ContactsOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
