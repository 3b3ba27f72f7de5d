using LeadSens.Server.Api;

namespace LeadSens.Server.Contacts;

internal static class ContactsApi
{
    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var contacts = app.MapApiGroup("contacts");
        contacts.MapGet("", ListContacts.HandleAsync).Named("listContacts", "People in the order in which they became known");
        contacts.MapGet("{id:guid}", GetContact.HandleAsync).Named("getContact", "A person with where each value comes from, and all campaigns");
    }
}
