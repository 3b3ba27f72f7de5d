using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace LeadSens.Server.Api;

/// <summary>What the API document calls a type. Slices have a Request, a View, a Made of their own: such a name stands behind the slice's.</summary>
internal static class SchemaNames
{
    private const string Suffix = "Api";

    /// <summary>Null for what stands where it is used: texts, numbers, lists.</summary>
    public static string? Of(JsonTypeInfo json) => OpenApiOptions.CreateDefaultSchemaReferenceId(json) is { } standard
        ? Of(Nullable.GetUnderlyingType(json.Type) ?? json.Type) ?? standard : null;

    private static string? Of(Type type)
    {
        if (type.Assembly != typeof(SchemaNames).Assembly) return null;
        if (type.IsGenericType) return $"{type.Name[..type.Name.IndexOf('`')]}Of{string.Concat(type.GetGenericArguments().Select(argument => Of(argument) ?? argument.Name))}";
        if (type.DeclaringType is not { } place) return type.Name;
        var slice = (place.Name.EndsWith(Suffix, StringComparison.Ordinal) ? place.Name[..^Suffix.Length] : place.Name).TrimEnd('s');
        return type.Name.Contains(slice, StringComparison.Ordinal) ? type.Name : slice + type.Name;
    }
}
