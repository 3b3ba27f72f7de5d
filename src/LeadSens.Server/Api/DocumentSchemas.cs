using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LeadSens.Server.Api;

/// <summary>Mends single schemas of the API document.</summary>
internal static class DocumentSchemas
{
    /// <summary>Under which a schema remembers which enumeration it is, until <see cref="DocumentParts"/> takes that out of it.</summary>
    public const string Enumeration = "leadsens-enumeration";

    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        // A number in quotes is read as well, but nobody has to know.
        if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        // The converter of our texts keeps the framework from seeing what they are.
        if (context.JsonTypeInfo.Type == typeof(string)) schema.Type ??= JsonSchemaType.String;
        if (context.JsonPropertyInfo is not { } property) return Task.CompletedTask;
        if (property.PropertyType == typeof(string) && property.AttributeProvider is PropertyInfo text && new NullabilityInfoContext().Create(text).ReadState == NullabilityState.Nullable) schema.Type |= JsonSchemaType.Null;
        if (property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) == true) schema.Type &= ~JsonSchemaType.Null;
        var isList = schema.Type?.HasFlag(JsonSchemaType.Array) == true;
        if (OneOfAttribute.Of(property.AttributeProvider) is { } words) Mark(isList ? ItemsOf(schema) : schema, words, context.ApplicationServices);
        return Task.CompletedTask;
    }

    /// <summary>Of a list; the framework makes them after the list.</summary>
    private static OpenApiSchema ItemsOf(OpenApiSchema list)
    {
        if (list.Items is not OpenApiSchema items) list.Items = items = new OpenApiSchema { Type = JsonSchemaType.String };
        return items;
    }

    public static void Mark(OpenApiSchema schema, OneOfAttribute words, IServiceProvider services)
    {
        schema.Enum = [.. words.WordsIn(services).Select(word => (JsonNode)word)];
        schema.Metadata ??= new Dictionary<string, object>();
        schema.Metadata[Enumeration] = words.Name;
    }
}
