using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LeadSens.Server.Api;

namespace LeadSens.Server.Tests.UseCases;

/// <summary>A request of a type, as JSON, with something in each of its fields.</summary>
internal static class ExampleRequest
{
    /// <param name="text">Stands in each text.</param>
    /// <param name="id">Stands in each id.</param>
    public static JsonNode? Of(Type type, JsonSerializerOptions options, string text, Guid id)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return text;
        if (type == typeof(Guid)) return id;
        if (type == typeof(bool)) return false;
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch;
        if (type.IsEnum) return Enum.GetNames(type)[0];
        if (type.IsPrimitive || type == typeof(decimal)) return 1;
        var info = options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Enumerable) return new JsonArray(Of(info.ElementType!, options, text, id));
        var json = new JsonObject();
        // A page says which by what a list gave before.
        foreach (var property in info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null))
            json[property.Name] = PageLimits.IsPage(type) && property.PropertyType == typeof(string) ? null : Of(property.PropertyType, options, text, id);
        return json;
    }

    /// <summary>Whether a caller writes anything in it by themselves.</summary>
    public static bool HasTexts(Type type, JsonSerializerOptions options)
    {
        const string marker = "a text of the caller's";
        return Of(type, options, marker, Guid.Empty)?.ToJsonString().Contains(marker, StringComparison.Ordinal) == true;
    }
}
