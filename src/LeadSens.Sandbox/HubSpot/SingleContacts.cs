using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>One contact: create, read, update, by number or by e-mail.</summary>
internal sealed class SingleContacts(Contacts contacts)
{
    public Reply Create(Call call)
    {
        using var body = JsonReading.Object(call.Body);
        if (body is null)
        {
            return HubSpotErrors.Invalid("Invalid input JSON");
        }

        if (ContactJson.Read(body.RootElement, out var properties) is { } mistake)
        {
            return HubSpotErrors.Invalid(mistake);
        }

        if (properties.TryGetValue("email", out var email) && !ContactJson.IsAddress(email))
        {
            return HubSpotErrors.Invalid($"Property values were not valid: Email address {email} is invalid");
        }

        return contacts.Create(properties) is { } contact
            ? Reply.Json(201, json => ContactJson.Write(json, contact, properties.Keys))
            : HubSpotErrors.Of(409, $"Contact already exists. Existing ID: {contacts.ByEmail(email!, TimeSpan.Zero)!.Id}");
    }

    public Reply Get(Call call) => Find(call) is { } contact
        ? Reply.Json(200, json => ContactJson.Write(json, contact, call.QueryValue("properties")?.Split(',') ?? []))
        : HubSpotErrors.Of(404, null);

    public Reply Update(Call call)
    {
        using var body = JsonReading.Object(call.Body);
        if (body is null)
        {
            return HubSpotErrors.Invalid("Invalid input JSON");
        }

        if (ContactJson.Read(body.RootElement, out var properties) is { } mistake)
        {
            return HubSpotErrors.Invalid(mistake);
        }

        return Find(call) is { } contact
            ? Reply.Json(200, json => ContactJson.Write(json, contacts.Update(contact, properties), properties.Keys))
            : HubSpotErrors.Of(404, null);
    }

    private Contact? Find(Call call)
    {
        var id = Uri.UnescapeDataString(call.Path[(call.Path.LastIndexOf('/') + 1)..]);
        return call.QueryValue("idProperty") == "email" ? contacts.ByEmail(id, call.ReadLag) : contacts.ById(id, call.ReadLag);
    }
}
