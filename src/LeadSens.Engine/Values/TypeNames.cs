using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine;

/// <summary>Elsa's aliases of C# types.</summary>
internal static class TypeNames
{
    public static string Of(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (ValueKind.Of(plain) is { } kind) return kind.Name;
        if (plain.IsEnum) return "String";
        if (plain == typeof(JsonElement) || plain.IsSubclassOf(typeof(JsonNode))) return plain.Name;
        if (plain.IsArray) return Of(plain.GetElementType()!) + "[]";
        if (plain.IsGenericType && plain.IsAssignableTo(typeof(IEnumerable)) && plain.GetGenericArguments() is [var item]) return $"ICollection<{Of(item)}>";
        return "Object";
    }

    /// <summary>What a type takes, for a person.</summary>
    public static string Taken(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(plain))}" : Of(type);
    }

    /// <summary>The editor's control for a type, where none is given.</summary>
    public static string UiHint(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(bool)) return "checkbox";
        if (plain.IsEnum) return "dropdown";
        if (plain == typeof(DateTime) || plain == typeof(DateTimeOffset)) return "datetime-picker";
        if (plain == typeof(string) || ValueKind.Of(plain) is not null) return "singleline";
        return plain.IsArray || plain.IsGenericType && plain.IsAssignableTo(typeof(IEnumerable)) ? "multitext" : "json-editor";
    }
}
