using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Workflows;

/// <summary>A definition's JSON apart from which version it is.</summary>
internal static class DefinitionText
{
    private static readonly string[] Stamps = ["$schema", "id", "definitionId", "version", "isLatest", "isPublished", "createdAt", "tenantId", "links"];
    private static readonly string[] Ours = ["toolVersion", "isReadonly", "isSystem", "providerName", "materializerName", "isMaterializerAvailable"];

    /// <summary>SHA-256 of what a user can change: saving again without a change gives the same.</summary>
    public static string Hash(JsonObject definition) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content(definition).ToJsonString())));

    /// <summary>Whether two versions say the same to a user, in whatever order. Editors leave out what is empty and what is not theirs.</summary>
    public static bool SameContent(JsonObject one, JsonObject other) => JsonNode.DeepEquals(Said(one), Said(other));

    /// <summary>The text as the version with this id.</summary>
    public static string Stamp(JsonObject definition, string versionId, string definitionId, int version, bool published)
    {
        var stamped = definition.DeepClone().AsObject();
        stamped["id"] = versionId;
        stamped["definitionId"] = definitionId;
        stamped["version"] = version;
        stamped["isLatest"] = true;
        stamped["isPublished"] = published;
        return stamped.ToJsonString();
    }

    /// <summary>Null when the text is no JSON object.</summary>
    public static JsonObject? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text property; null when it is missing or no text. The database takes no NUL.</summary>
    public static string? Text(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out string? text) ? text.Replace("\0", "", StringComparison.Ordinal) : null;

    public static bool Flag(this JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static JsonObject Said(JsonObject definition)
    {
        var said = Content(definition);
        foreach (var (name, _) in said.Where(property => property.Value is null || Ours.Contains(property.Key)).ToList())
            said.Remove(name);
        return said;
    }

    private static JsonObject Content(JsonObject definition)
    {
        var content = definition.DeepClone().AsObject();
        foreach (var stamp in Stamps)
            content.Remove(stamp);
        return content;
    }
}
