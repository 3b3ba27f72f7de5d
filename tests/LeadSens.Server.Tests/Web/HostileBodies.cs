using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;

namespace LeadSens.Server.Tests.Web;

/// <summary>Bodies of a type, each with one text replaced.</summary>
internal static class HostileBodies
{
    public static IEnumerable<(JsonNode Body, string Field, bool IsMultiline)> Of(Type type, string text)
    {
        for (var number = 0; ; number++)
        {
            var (left, found) = (number, ((string, bool)?)null);
            var body = Example(type, null, "body", 0, text, ref left, ref found);
            if (found is not { } place) yield break;
            yield return (body!, place.Item1, place.Item2);
        }
    }

    private static JsonNode? Example(Type type, PropertyInfo? property, string path, int depth, string text, ref int left, ref (string, bool)? found)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            if (left-- != 0) return "x";
            found = (path, property?.IsDefined(typeof(MultilineAttribute)) == true);
            return text;
        }

        if (type == typeof(bool)) return true;
        if (type == typeof(Guid)) return Guid.CreateVersion7().ToString();
        if (type.IsPrimitive || type == typeof(decimal)) return 1;
        if (type.IsEnum || typeof(JsonNode).IsAssignableFrom(type) || type == typeof(JsonElement) || type.Namespace == "System" || depth > 5) return null;
        if (type.IsArray || type is { IsGenericType: true, GenericTypeArguments.Length: 1 })
            return new JsonArray(Example(type.IsArray ? type.GetElementType()! : type.GenericTypeArguments[0], null, $"{path}[0]", depth + 1, text, ref left, ref found));
        if (type.IsGenericType) return null;
        var body = new JsonObject();
        foreach (var one in type.GetProperties().Where(one => one.CanWrite))
            body[JsonNamingPolicy.CamelCase.ConvertName(one.Name)] = Example(one.PropertyType, one, $"{path}.{one.Name}", depth + 1, text, ref left, ref found);
        return body;
    }
}
