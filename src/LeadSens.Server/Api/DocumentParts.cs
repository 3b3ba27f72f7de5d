using LeadSens.Server.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LeadSens.Server.Api;

/// <summary>Mends what is of the whole API document: its head, ways to authenticate, enumerations by name, what a request may leave out, paths that are one.</summary>
internal static class DocumentParts
{
    private const string Description =
        "Lists answer `{items, nextCursor}` and take `cursor` and `limit`. Every error is a problem (RFC 9457) with a stable `code` and, for bad input, `errors` by field. "
        + "Programs send a key or an access token; a browser that signed in sends its cookie and, for changes, the header `X-CSRF-Token`.";

    public static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new() { Title = "LeadSens", Version = "v1", Description = Description };
        document.Info.License = new() { Name = "All rights reserved", Identifier = "LicenseRef-LeadSens" };
        DocumentTags.Describe(document);
        // Wherever it was loaded from: a proxy may have another name for us.
        document.Servers = [new() { Url = "/" }];
        document.Components ??= new();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.SecuritySchemes = Schemes();
        MergeSamePaths(document.Paths);
        NameEnumerations(document);
        LetOut(document);
        return Task.CompletedTask;
    }

    private static Dictionary<string, IOpenApiSecurityScheme> Schemes() => new()
    {
        [ApiKeyAuthentication.SchemeName] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyAuthentication.Header, Description = "A key of the workspace: POST /api/workspaces/{workspaceId}/api-keys.",
        },
        [AccessTokenAuthentication.SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The accessToken of POST /api/auth/login." },
        [SessionAuthentication.SchemeName] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = BrowserCookies.Session,
            Description = "Of POST /api/auth/login?cookie=true; behind TLS its name begins with __Host-. Changes need the header X-CSRF-Token as well.",
        },
    };

    /// <summary>Two routes that differ in the name of a parameter alone are one path to OpenAPI.</summary>
    private static void MergeSamePaths(OpenApiPaths paths)
    {
        foreach (var same in paths.GroupBy(path => Shape(path.Key), (_, alike) => alike.ToList()).Where(same => same.Count > 1).ToList())
        {
            foreach (var (path, item) in same.Skip(1))
            {
                foreach (var (method, operation) in item.Operations!)
                {
                    Rename(operation, Names(path), Names(same[0].Key));
                    same[0].Value.Operations!.Add(method, operation);
                }

                paths.Remove(path);
            }
        }
    }

    private static void Rename(OpenApiOperation operation, string[] from, string[] to)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path))
            parameter.Name = to[Array.IndexOf(from, parameter.Name)];
    }

    private static string Shape(string path) => string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? "{}" : part));

    private static string[] Names(string path) => [.. path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'))];

    private static void NameEnumerations(OpenApiDocument document)
    {
        foreach (var (name, schema) in document.Components!.Schemas!.ToList()) document.Components.Schemas![name] = Named(schema, document);
        foreach (var parameter in Operations(document).SelectMany(operation => operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            // A parameter that is not sent is absent and not null.
            if (parameter.Schema is OpenApiSchema { Enum: not null } words) words.Type &= ~JsonSchemaType.Null;
            if (parameter.Schema is { } schema) parameter.Schema = Named(schema, document);
        }
    }

    /// <summary>The same, with references to the enumerations in it; itself one where it is one.</summary>
    private static IOpenApiSchema Named(IOpenApiSchema schema, OpenApiDocument document)
    {
        if (schema is not OpenApiSchema own) return schema;
        foreach (var (name, property) in own.Properties?.ToList() ?? []) own.Properties![name] = Named(property, document);
        if (own.Items is { } items) own.Items = Named(items, document);
        if (own.AdditionalProperties is { } more) own.AdditionalProperties = Named(more, document);
        if (own.Metadata is null || !own.Metadata.TryGetValue(DocumentSchemas.Enumeration, out var enumeration)) return own;
        var reference = Enumeration((string)enumeration, own, document);
        return own.Type?.HasFlag(JsonSchemaType.Null) == true ? new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, reference], Description = own.Description } : reference;
    }

    private static OpenApiSchemaReference Enumeration(string name, OpenApiSchema words, OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        if (!schemas.TryGetValue(name, out var known)) schemas[name] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = words.Enum };
        else if (!(known.Enum ?? []).Select(word => word.ToString()).SequenceEqual(words.Enum!.Select(word => word.ToString())))
            throw new InvalidOperationException($"The API document has two schemas of the name {name}.");
        return new(name, document) { Description = words.Description };
    }

    /// <summary>What may be null in a request may be left out of it.</summary>
    private static void LetOut(OpenApiDocument document)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var content in Operations(document).SelectMany(operation => operation.RequestBody?.Content?.Values ?? [])) Collect(content.Schema, document, asked);
        foreach (var schema in asked.Select(name => document.Components!.Schemas![name]).OfType<OpenApiSchema>())
            schema.Required?.ExceptWith((schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Where(property => MayBeNull(property.Value)).Select(property => property.Key));
    }

    private static void Collect(IOpenApiSchema? schema, OpenApiDocument document, HashSet<string> names)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
        {
            if (names.Add(id)) Collect(document.Components!.Schemas![id], document, names);
            return;
        }

        if (schema is not OpenApiSchema own) return;
        foreach (var inner in (IOpenApiSchema?[])[.. own.Properties?.Values ?? [], .. own.OneOf ?? [], own.Items, own.AdditionalProperties]) Collect(inner, document, names);
    }

    private static bool MayBeNull(IOpenApiSchema schema) => schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(one => one.Type == JsonSchemaType.Null) == true;

    private static IEnumerable<OpenApiOperation> Operations(OpenApiDocument document) => document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>());
}
