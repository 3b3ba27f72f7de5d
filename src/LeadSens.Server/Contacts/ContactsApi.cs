using LeadSens.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Contacts;

internal static class ContactsApi
{
    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var contacts = app.MapApiGroup("contacts");
        contacts.MapGet("", ListAsync).Runs(ListContacts.Declaration);
        contacts.MapGet("{id:guid}", (Guid id, UseCaseCall call, GetContact get) => call.OkAsync(get, new(id))).Runs(GetContact.Declaration);
    }

    /// <param name="q">A text anywhere in names, address, company or title.</param>
    private static Task<Results<Ok<Page<ContactSummary>>, ProblemHttpResult>> ListAsync(
        [AsParameters] PageRequest page, string? q, UseCaseCall call, ListContacts list) => call.OkAsync(list, new(page, q));
}
