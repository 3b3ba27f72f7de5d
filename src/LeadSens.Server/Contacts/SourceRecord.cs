using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadSens.Server.Contacts;

/// <summary>What one source said of one person at one time.</summary>
/// <param name="Id">The source's own.</param>
/// <param name="SaidAt">By the source's own clock.</param>
/// <param name="Raw">The whole answer, as it came.</param>
internal sealed record SourceRecord(string Id, DateTimeOffset SaidAt, PersonFields Fields, string? Raw);

/// <summary>Who said it, and what that weighs: a person of the workspace before a file or a CRM, those before a vendor.</summary>
internal sealed record RecordSource(string Provider, short Rank)
{
    public static RecordSource Vendor(string provider) => new(provider, 1);

    public static RecordSource FileOrCrm(string provider) => new(provider, 2);

    public static RecordSource Person { get; } = new("hand", 3);
}

/// <summary>What was read out of a record, one form for all sources. Null: the source does not say.</summary>
internal sealed record PersonFields
{
    /// <summary>As addresses are compared.</summary>
    public string? Email { get; init; }

    /// <summary>E.164.</summary>
    public string? Phone { get; init; }

    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? JobTitle { get; init; }
    public string? CompanyName { get; init; }
    public string? Website { get; init; }
    public string? Industry { get; init; }
    public string? CompanySize { get; init; }
    public string? Country { get; init; }
    public string? City { get; init; }

    /// <summary>The name in the address: <see cref="LinkedInAddress.NameIn"/>.</summary>
    public string? LinkedIn { get; init; }

    public string? Language { get; init; }
    public string? TimeZone { get; init; }

    /// <summary>The source's own word on the e-mail address.</summary>
    public int? Verification { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ContactsJson.Default.PersonFields);

    /// <summary>Something in front of and behind one @: what else stands in such a field would make one person of many.</summary>
    public static string? AddressOf(string? key) =>
        key is not null && key.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == key.LastIndexOf('@') && at < key.Length - 1 ? key : null;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonFields))]
internal sealed partial class ContactsJson : JsonSerializerContext;
