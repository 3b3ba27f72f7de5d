using System.Globalization;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Api;

/// <summary>HTTP's way to use cases. An endpoint takes it as a parameter, makes the request of path, query and body, and says with which status the value is
/// answered.</summary>
internal sealed record UseCaseCall(HttpContext Http)
{
    /// <summary>Called by the framework for a handler's parameter.</summary>
    public static ValueTask<UseCaseCall?> BindAsync(HttpContext context) => new(new UseCaseCall(context));

    public async Task<Results<Ok<TAnswer>, ProblemHttpResult>> OkAsync<TSelf, TRequest, TAnswer>(IUseCase<TSelf, TRequest, TAnswer> useCase, TRequest request)
        where TSelf : IUseCase<TSelf, TRequest, TAnswer>
    {
        var outcome = await RunAsync(useCase, request);
        return outcome.Refusal is { } refusal ? Problem(refusal) : TypedResults.Ok(outcome.Value!);
    }

    /// <param name="location">Where what was made is found.</param>
    public async Task<Results<Created<TAnswer>, ProblemHttpResult>> CreatedAsync<TSelf, TRequest, TAnswer>(
        IUseCase<TSelf, TRequest, TAnswer> useCase, TRequest request, Func<TAnswer, string> location) where TSelf : IUseCase<TSelf, TRequest, TAnswer>
    {
        var outcome = await RunAsync(useCase, request);
        return outcome.Refusal is { } refusal ? Problem(refusal) : TypedResults.Created(location(outcome.Value!), outcome.Value!);
    }

    public async Task<Results<NoContent, ProblemHttpResult>> DoneAsync<TSelf, TRequest>(IUseCase<TSelf, TRequest, Done> useCase,
        TRequest request) where TSelf : IUseCase<TSelf, TRequest, Done>
    {
        var outcome = await RunAsync(useCase, request);
        return outcome.Refusal is { } refusal ? Problem(refusal) : TypedResults.NoContent();
    }

    public async Task<Results<Ok, ProblemHttpResult>> EmptyAsync<TSelf, TRequest>(IUseCase<TSelf, TRequest, Done> useCase, TRequest request)
        where TSelf : IUseCase<TSelf, TRequest, Done>
    {
        var outcome = await RunAsync(useCase, request);
        return outcome.Refusal is { } refusal ? Problem(refusal) : TypedResults.Ok();
    }

    private Task<Outcome<TAnswer>> RunAsync<TSelf, TRequest, TAnswer>(IUseCase<TSelf, TRequest, TAnswer> useCase, TRequest request)
        where TSelf : IUseCase<TSelf, TRequest, TAnswer>
    {
        // The endpoint's rule, which is the use case's, let in members alone.
        var caller = Caller.From(Http.User, Http.Connection.RemoteIpAddress?.ToString()) ?? throw new InvalidOperationException("A use case is a member's.");
        var key = Http.Request.Headers.TryGetValue(IdempotencyKey.Header, out var text) ? text.ToString() : null;
        return Http.RequestServices.GetRequiredService<UseCaseRunner>().RunAsync(useCase, caller, request, key, Http.RequestAborted);
    }

    private ProblemHttpResult Problem(Refusal refusal)
    {
        if (refusal.RetryAfter is { } after) Http.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(refusal);
    }
}

internal static class UseCaseEndpoints
{
    /// <summary>The endpoint is this use case's: it has its name and line, lets in whom it lets in, and takes keys where it changes something.</summary>
    public static RouteHandlerBuilder Runs(this RouteHandlerBuilder route, UseCase useCase)
    {
        route.Named(useCase.Name, useCase.Summary).Needs(useCase.Needs).WithMetadata(useCase);
        return useCase.Effect == Effect.Reads ? route : route.Refuses(StatusCodes.Status409Conflict);
    }
}
