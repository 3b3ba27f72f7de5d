using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>Batch read and upsert: at most 100 inputs, 207 when some of them failed.</summary>
internal sealed class ContactBatches(Contacts contacts)
{
    private const int MostInputs = 100;

    public Reply Read(Call call) => With(call, request =>
    {
        var byEmail = request.Text("idProperty") == "email";
        var found = new List<Contact>();
        var missing = new List<string>();
        foreach (var id in request.Items("inputs").Select(input => input.Text("id") ?? ""))
        {
            if ((byEmail ? contacts.ByEmail(id, call.ReadLag) : contacts.ById(id, call.ReadLag)) is { } contact)
            {
                found.Add(contact);
            }
            else
            {
                missing.Add(id);
            }
        }

        var properties = request.Texts("properties");
        return Answer(
            json => found.ForEach(contact => ContactJson.Write(json, contact, properties)),
            missing.Count == 0 ? [] : [new ItemError("OBJECT_NOT_FOUND", "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.", "ids", [.. missing])]);
    });

    public Reply Upsert(Call call) => With(call, request =>
    {
        var wanted = new List<(Dictionary<string, string> Properties, string? Trace)>();
        var errors = new List<ItemError>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var input in request.Items("inputs"))
        {
            if (input.Text("idProperty") is not "email" || input.Text("id") is not { } id)
            {
                return HubSpotErrors.Invalid("Inputs need an id and idProperty \"email\"");
            }

            if (ContactJson.Read(input, out var properties) is { } mistake)
            {
                return HubSpotErrors.Invalid(mistake);
            }

            if (!seen.Add(id.Trim()))
            {
                return HubSpotErrors.Invalid($"Duplicate IDs found in batch input: [{id}]. IDs must be unique");
            }

            properties.TryAdd("email", id.Trim());
            if (ContactJson.IsAddress(properties["email"]))
            {
                wanted.Add((properties, input.Text("objectWriteTraceId")));
            }
            else
            {
                errors.Add(new ItemError("VALIDATION_ERROR", $"Property values were not valid: Email address {id} is invalid", "id", [id]));
            }
        }

        var written = contacts.Upsert([.. wanted.Select(item => item.Properties)]);
        return Answer(json =>
        {
            for (var i = 0; i < written.Count; i++)
            {
                ContactJson.Write(json, written[i].Contact, wanted[i].Properties.Keys, written[i].IsNew, wanted[i].Trace);
            }
        }, errors);
    });

    private static Reply With(Call call, Func<JsonElement, Reply> answer)
    {
        using var body = JsonReading.Object(call.Body);
        if (body?.RootElement.Member("inputs") is not { ValueKind: JsonValueKind.Array } inputs)
        {
            return HubSpotErrors.Invalid("Invalid input JSON on line 1, column 1: inputs is required");
        }

        return inputs.GetArrayLength() is < 1 or > MostInputs
            ? HubSpotErrors.Invalid($"The number of inputs must be between 1 and {MostInputs}")
            : answer(body.RootElement);
    }

    private static Reply Answer(Action<Utf8JsonWriter> results, IReadOnlyCollection<ItemError> errors) => Reply.Json(errors.Count == 0 ? 200 : 207, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", "COMPLETE");
        json.WriteStartArray("results");
        results(json);
        json.WriteEndArray();
        if (errors.Count > 0)
        {
            json.WriteNumber("numErrors", errors.Count);
            json.WriteStartArray("errors");
            foreach (var error in errors)
            {
                error.Write(json);
            }

            json.WriteEndArray();
        }

        json.WriteString("startedAt", "2026-11-20T00:00:00.000Z");
        json.WriteString("completedAt", "2026-11-20T00:00:00.010Z");
        json.WriteEndObject();
    });

    private sealed record ItemError(string Category, string Message, string ContextName, string[] Context)
    {
        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("status", "error");
            json.WriteString("category", Category);
            json.WriteString("message", Message);
            json.WriteStartObject("context");
            json.WriteStartArray(ContextName);
            foreach (var value in Context)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }
}
