using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LeadSens.Server.Api;

/// <summary>Says of each operation what its endpoint knows: who may call it, its line, its parameters as they are sent.</summary>
internal static class DocumentOperations
{
    public static Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IEndpointSummaryMetadata>().LastOrDefault()?.Summary is { } summary)
        {
            // What the handler says of itself may be longer than a line.
            if (operation.Summary != summary) operation.Description ??= operation.Summary;
            operation.Summary = summary;
        }

        var fields = metadata.OfType<MethodInfo>().SelectMany(QueryRules.FieldsOf).ToLookup(field => field.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query))
            Describe(parameter, fields[parameter.Name].FirstOrDefault(), context.ApplicationServices);
        foreach (var (name, isId) in HolesOf(context.Description.RelativePath!).Where(hole => (operation.Parameters ?? []).All(parameter => parameter.Name != hole.Name)).ToList())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = isId ? "uuid" : null } });
        }

        if (metadata.OfType<UseCase>().LastOrDefault() is { Effect: not Effect.Reads }) (operation.Parameters ??= []).Add(KeyParameter());
        operation.Security = [.. SchemesOf(metadata.OfType<AccessRule>().LastOrDefault()).Select(scheme => Requirement(scheme, context.Document!))];
        operation.Responses!["default"] = new OpenApiResponse
        {
            Description = "Any other problem",
            Content = new Dictionary<string, OpenApiMediaType> { [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) } },
        };
        return Task.CompletedTask;
    }

    private static OpenApiParameter KeyParameter() => new()
    {
        Name = IdempotencyKey.Header,
        In = ParameterLocation.Header,
        Description = "What the caller calls this request. Sent again under it within 24 hours, it is answered as before and does nothing again.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.Longest },
    };

    /// <summary>The path's parameters, also those that no handler takes: the workspace.</summary>
    private static IEnumerable<(string Name, bool IsId)> HolesOf(string path) =>
        path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}').Split(':')).Select(parts => (parts[0], parts.Contains("guid")));

    private static void Describe(OpenApiParameter parameter, ParameterInfo? field, IServiceProvider services)
    {
        parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        if (parameter.Schema is not OpenApiSchema schema) return;
        if (OneOfAttribute.Of(field) is { } words) DocumentSchemas.Mark(schema, words, services);
        if (field?.GetCustomAttribute<RangeAttribute>() is { } range) (schema.Minimum, schema.Maximum) = ($"{range.Minimum}", $"{range.Maximum}");
    }

    /// <summary>One of them is enough; null: nothing is.</summary>
    private static string?[] SchemesOf(AccessRule? rule) => rule?.Kind switch
    {
        CallerKind.Anybody => [null],
        CallerKind.Person => [AccessTokenAuthentication.SchemeName, SessionAuthentication.SchemeName],
        _ => [ApiKeyAuthentication.SchemeName, AccessTokenAuthentication.SchemeName, SessionAuthentication.SchemeName],
    };

    private static OpenApiSecurityRequirement Requirement(string? scheme, OpenApiDocument document)
    {
        var requirement = new OpenApiSecurityRequirement();
        if (scheme is not null) requirement[new OpenApiSecuritySchemeReference(scheme, document)] = [];
        return requirement;
    }
}
