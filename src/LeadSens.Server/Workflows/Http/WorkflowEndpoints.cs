using System.Security.Claims;
using System.Text.Json;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows.Http;

/// <summary><c>/workflows/{path}</c> and <c>/workflows/{workspace id}/{path}</c>: requests that start or resume workflows.</summary>
internal sealed class WorkflowEndpoints(EndpointLookup lookup, HttpRequests requests, AnswerWait wait, StartQuota quota, IAntiforgery antiforgery, IOptions<IncomingOptions> options, IHostEnvironment environment)
{
    public const string Root = "/workflows";
    private const string InstanceHeader = "x-elsa-workflow-instance-id", IdempotencyHeader = "Idempotency-Key";
    private const int LongestIdempotencyKey = 255;

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        Protect(context.Response);
        var (workspaceId, path) = Split(context);
        if (workspaceId is not { } workspace) return Nothing();
        var (endpoint, others) = await lookup.FindAsync(workspace, context.Request.Method.ToUpperInvariant(), path, context.RequestAborted);
        if (endpoint is null) return others.Count == 0 ? Nothing() : WrongMethod(context, others);
        using var scope = DatabaseScope.Narrow(workspace);
        if (endpoint.Rules.Authorize && await RefuseAsync(context, workspace) is { } refusal) return refusal;
        var key = context.Request.Headers[IdempotencyHeader].ToString();
        if (key.Length > LongestIdempotencyKey) return Problems.Of(StatusCodes.Status400BadRequest, "bad_request", "The request cannot be read.", $"The {IdempotencyHeader} has at most {LongestIdempotencyKey} characters.");
        var received = await ReceivedRequest.ReadAsync(context.Request, path, endpoint.Rules, options.Value.MaxRequestBytes, context.RequestAborted);
        if (received.Payload is null) return received.Refusal!;
        if (await quota.RefusalAsync(workspace, 1, context.RequestAborted) is { } full) return Refusals.Result(context, full);
        // Whoever goes away after this has sent it all the same.
        var sent = await requests.SendAsync(workspace, endpoint.Key, DedupeKey(context, workspace, key), received.Fingerprint, received.Payload, CancellationToken.None);
        if (sent.IsMismatch) return Problems.Of(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "This Idempotency-Key came with another request before.", "Send a new key with a new request.");
        if (sent.Instances.Count == 0) return Nothing();
        context.Response.Headers[InstanceHeader] = string.Join(',', sent.Instances);
        var state = await wait.ForAsync(sent.Id, endpoint.Rules.RequestTimeout ?? TimeSpan.FromSeconds(options.Value.AnswerSeconds), context.RequestAborted);
        return state is null
            ? Problems.Of(StatusCodes.Status504GatewayTimeout, "workflow_timeout", "The workflow did not answer in time. It goes on.")
            : Answer(context, state, sent.Instances);
    }

    private static IResult Answer(HttpContext context, RequestState state, IReadOnlyList<Guid> instances) => state switch
    {
        { Status: { } status } => Written(context, status, state),
        { Refused: not null } => Problems.Of(StatusCodes.Status409Conflict, "workflow_not_started", "The workflow does not start now.", "It may run once at a time only."),
        { Waits: true } => TypedResults.Json(new { workflowInstanceIds = instances, status = "Suspended" }, statusCode: StatusCodes.Status202Accepted),
        { HasFaulted: true } => Problems.Of(StatusCodes.Status500InternalServerError, "workflow_faulted", "The workflow failed."),
        _ => TypedResults.Json(new { workflowInstanceIds = instances, status = "Finished" }),
    };

    private static IResult Written(HttpContext context, int status, RequestState state)
    {
        foreach (var (name, value) in JsonSerializer.Deserialize<KeyValuePair<string, string>[]>(state.Headers ?? "[]")!) context.Response.Headers.Append(name, value);
        return state.Content is null || status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified
            ? TypedResults.StatusCode(status)
            : TypedResults.Text(state.Content, state.ContentType, System.Text.Encoding.UTF8, status);
    }

    /// <summary>What a workflow writes is shown on the origin that people are signed in to: as a document without scripts, forms and origin.</summary>
    private static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:";
        response.Headers.CacheControl = "no-store";
    }

    private (Guid? Workspace, string Path) Split(HttpContext context)
    {
        var path = context.Request.RouteValues["path"] as string ?? "";
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (Guid.TryParseExact(slash < 0 ? path : path[..slash], "D", out var named)) return (named, slash < 0 ? "" : path[(slash + 1)..]);
        return (WorkspaceContext.From(context.User)?.WorkspaceId ?? options.Value.DefaultWorkspace ?? (environment.IsProduction() ? null : DemoWorkspace.Id), path);
    }

    /// <summary>A session must bring the header that only our own pages can set, also with GET: a link of somebody else's page starts nothing.</summary>
    private async Task<IResult?> RefuseAsync(HttpContext context, Guid workspaceId)
    {
        if (WorkspaceContext.From(context.User) is not { } caller) return Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "A valid API key is needed.", $"Send it in the header {ApiKeyAuthentication.Header}.");
        if (caller.WorkspaceId != workspaceId) return Nothing();
        if (!context.User.May(Permission.Work)) return Problems.Of(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", "Starting workflows needs the permission 'work' in the workspace.");
        return context.User.Identity?.AuthenticationType != SessionAuthentication.SchemeName || await IsOursAsync(context) ? null
            : Problems.Of(StatusCodes.Status403Forbidden, "csrf_token_invalid", "This call did not come from a page of this service.", $"Send the header {SessionGuard.Header}.");
    }

    private async Task<bool> IsOursAsync(HttpContext context)
    {
        try
        {
            await antiforgery.ValidateRequestAsync(context);
            return true;
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    /// <summary>A caller's keys are kept apart by who the caller is, not by a name that others have as well; whoever is of no workspace of this endpoint is anybody to it.</summary>
    private static string DedupeKey(HttpContext context, Guid workspaceId, string key)
    {
        var caller = WorkspaceContext.From(context.User)?.WorkspaceId == workspaceId ? context.User.FindFirstValue(ClaimTypes.NameIdentifier) : null;
        return $"http:{workspaceId}:{(key.Length == 0 ? Guid.CreateVersion7() : $"{caller ?? "anonymous"}:{key}")}";
    }

    private static ProblemHttpResult WrongMethod(HttpContext context, IReadOnlyList<string> others)
    {
        context.Response.Headers.Allow = string.Join(", ", others);
        return Problems.Of(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "This path takes other methods.");
    }

    private static ProblemHttpResult Nothing() => Problems.Of(StatusCodes.Status404NotFound, "workflow_endpoint_not_found", "No workflow takes this request.");
}
