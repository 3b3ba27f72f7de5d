using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Workflows;

/// <summary>A definition's JSON apart from which version it is.</summary>
internal static class DefinitionText
{
    private static readonly string[] Stamps = ["$schema", "id", "definitionId", "version", "isLatest", "isPublished", "createdAt", "tenantId", "links"];

    /// <summary>SHA-256 of what a user can change: saving again without a change gives the same.</summary>
    public static string Hash(JsonObject definition)
    {
        var content = definition.DeepClone().AsObject();
        foreach (var stamp in Stamps)
            content.Remove(stamp);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString())));
    }

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
}
