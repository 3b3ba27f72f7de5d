using System.Net.Mime;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace LeadSens.Server.Api;

/// <summary>Which problems an endpoint answers, for the API document.</summary>
internal static class ApiAnswers
{
    /// <summary>What the document calls the endpoint, and says of it in one line.</summary>
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder route, string id, string summary) => route.WithName(id).WithSummary(summary);

    /// <summary>Besides those that the endpoint's rule, path and body bring with them.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        route.Add(endpoint => Add(endpoint, statuses));
        return route;
    }

    /// <summary>Says for the document that the endpoint reads a body itself: somebody else's JSON, which is taken as it comes.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder route, string body) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = body, Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [MediaTypeNames.Application.Json] = new() { Schema = new OpenApiSchema() } },
        };
        return Task.CompletedTask;
    });

    /// <summary>To be called when everything else is known of the endpoint.</summary>
    public static void Describe(EndpointBuilder endpoint)
    {
        var kind = endpoint.Metadata.OfType<AccessRule>().LastOrDefault()?.Kind;
        Add(endpoint, StatusCodes.Status400BadRequest, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable);
        if (kind is not CallerKind.Anybody) Add(endpoint, StatusCodes.Status401Unauthorized);
        if (kind is CallerKind.Person or CallerKind.Member) Add(endpoint, StatusCodes.Status403Forbidden);
        if (endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 }) Add(endpoint, StatusCodes.Status404NotFound);
        if (endpoint.Metadata.OfType<IAcceptsMetadata>().Any()) Add(endpoint, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
    }

    private static void Add(EndpointBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problem.ContentType]));
    }
}
