using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio;

/// <summary>An error as Elsa's client reads it; Studio shows the texts in <paramref name="Errors"/>.</summary>
internal sealed record StudioError(int StatusCode, string Message, IReadOnlyDictionary<string, string[]> Errors);

/// <summary>What Studio shows to the user has to be a 400: it stops working on any other status.</summary>
internal static class StudioErrors
{
    /// <summary>The key of errors that belong to nothing in particular.</summary>
    public const string General = "GeneralErrors";

    public static JsonHttpResult<StudioError> BadRequest(params string[] messages) => BadRequest(new Dictionary<string, string[]> { [General] = messages });

    public static JsonHttpResult<StudioError> BadRequest(IReadOnlyDictionary<string, string[]> errors) =>
        Of(StatusCodes.Status400BadRequest, "One or more errors occurred!", errors);

    /// <summary>Unknown, or not of the caller's workspace.</summary>
    public static JsonHttpResult<StudioError> NotFound(string message) => Of(StatusCodes.Status404NotFound, message);

    public static JsonHttpResult<StudioError> Forbidden() => Of(StatusCodes.Status403Forbidden, "Your role may look at workflows, but not change them.");

    private static JsonHttpResult<StudioError> Of(int status, string message, IReadOnlyDictionary<string, string[]>? errors = null) =>
        TypedResults.Json(new StudioError(status, message, errors ?? new Dictionary<string, string[]> { [General] = [message] }), statusCode: status);
}
