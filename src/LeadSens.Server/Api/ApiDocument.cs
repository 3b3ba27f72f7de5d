using LeadSens.Server.Identity;

namespace LeadSens.Server.Api;

internal static class ApiDocument
{
    /// <summary>Lets the document say what the endpoints know.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddSingleton<ApiDocumentText>().AddOpenApi(ApiDocumentText.Name, options =>
    {
        options.CreateSchemaReferenceId = SchemaNames.Of;
        options.AddSchemaTransformer(DocumentSchemas.TransformAsync).AddOperationTransformer(DocumentOperations.TransformAsync).AddDocumentTransformer(DocumentParts.TransformAsync);
    });

    /// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and a page to try it at <c>/docs</c>.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        app.MapGet("/openapi/{documentName}.json", async (string documentName, ApiDocumentText text, CancellationToken cancellationToken) => documentName == ApiDocumentText.Name
            ? TypedResults.Bytes(await text.GetAsync(cancellationToken), "application/json; charset=utf-8")
            : (IResult)TypedResults.NotFound()).ExcludeFromDescription().Needs(AccessRule.Anybody);
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "LeadSens API";
            page.SwaggerEndpoint("/openapi/v1.json", "LeadSens v1");
            page.EnableTryItOutByDefault();
        });
    }
}
