using LeadSens.Server.UseCases;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LeadSens.Server.Api;

/// <summary>Errors as ProblemDetails with a stable <c>code</c>. A handler returns <c>Results&lt;Ok&lt;T&gt;, ProblemHttpResult&gt;</c>.</summary>
internal static class Problems
{
    /// <summary>400: what is wrong, by field (camelCase, as in the request).</summary>
    public static ProblemHttpResult Validation(IReadOnlyDictionary<string, string[]> errors, string code = "validation_failed") =>
        TypedResults.Problem(With(code, new ProblemDetails
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "The request has fields that cannot be accepted.",
            Extensions = { ["errors"] = errors },
        }));

    /// <summary>404: unknown, or not of the caller's workspace (the answer does not tell which).</summary>
    public static ProblemHttpResult NotFound(string code) => Of(StatusCodes.Status404NotFound, code, "There is no such thing in this workspace.");

    /// <summary>409: the thing's state does not allow it.</summary>
    public static ProblemHttpResult Conflict(string code, string detail) => Of(StatusCodes.Status409Conflict, code, "The state does not allow this.", detail);

    /// <summary>410: it was there and is not valid any more.</summary>
    public static ProblemHttpResult Gone(string code, string detail) => Of(StatusCodes.Status410Gone, code, "This is not valid any more.", detail);

    public static ProblemHttpResult Of(int status, string code, string title, string? detail = null) =>
        TypedResults.Problem(With(code, new ProblemDetails { Status = status, Title = title, Detail = detail }));

    public static ProblemHttpResult Of(Refusal refusal)
    {
        var problem = new ProblemDetails { Status = StatusOf(refusal.Kind), Title = refusal.Title, Detail = refusal.Detail };
        if (refusal.Errors is { } errors) problem.Extensions["errors"] = errors;
        return TypedResults.Problem(With(refusal.Code, problem));
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unauthorized => StatusCodes.Status401Unauthorized,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Gone => StatusCodes.Status410Gone,
        RefusalKind.Failed => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status409Conflict,
    };

    private static ProblemDetails With(string code, ProblemDetails problem)
    {
        problem.Extensions["code"] = code;
        return problem;
    }
}
