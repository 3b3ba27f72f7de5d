using LeadSens.Server.Api;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Contacts;

internal static class ContactsRegistration
{
    public static IServiceCollection AddContacts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ContactsOptions>().Bind(configuration.GetSection(ContactsOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services.AddUseCase<ListContacts, ListContacts.Request, Page<ContactSummary>>().AddUseCase<GetContact, GetContact.Request, ContactView>();
    }
}
