using LeadSens.Server.Api;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Webhooks;

/// <summary>Takes a provider's call: shows itself or is refused, is kept, and is answered at once. An address that is not there and a wrong secret get the same answer.</summary>
internal sealed class ReceiveWebhook(
    WebhookEndpoints endpoints, WebhookInbox inbox, WebhookMetrics metrics, Database database, PublicAddress address, IOptions<HubSpotAppOptions> app, TimeProvider time)
{
    public const int LargestBody = 1024 * 1024;

    /// <summary>The public app's calls are about all the accounts that it was let into.</summary>
    private const string OfPortalsSql = "select account_id, workspace_id from connections where provider = 'hubspot' and account_id = any($1) and state <> 'disconnected'";

    /// <param name="id">The workspace's endpoint; null: the one of the public app.</param>
    public async Task<Results<Ok, ProblemHttpResult>> ExecuteAsync(string provider, Guid? id, HttpContext context, CancellationToken cancellationToken)
    {
        if (await BodyAsync(context.Request, cancellationToken) is not { } body) return Problems.Of(StatusCodes.Status413PayloadTooLarge, "payload_too_large", "The request is too large.");
        var endpoint = id is { } known ? await endpoints.FindAsync(provider, known, cancellationToken) : null;
        if (id is not null && endpoint is null) return Refused(provider);
        return provider == ProviderNames.Instantly
            ? await InstantlyAsync(endpoint!, body, context, cancellationToken)
            : await HubSpotAsync(endpoint, body, context, cancellationToken);
    }

    private async Task<Results<Ok, ProblemHttpResult>> InstantlyAsync(WebhookEndpoint endpoint, byte[] body, HttpContext context, CancellationToken cancellationToken)
    {
        if (!endpoint.Knows(context.Request.Headers[WebhookProviders.InstantlyHeader])) return Refused(ProviderNames.Instantly);
        return InstantlyEvents.Read(body, time.GetUtcNow()) is { } told ? await KeepAsync(endpoint.WorkspaceId, ProviderNames.Instantly, [told], cancellationToken) : Unreadable();
    }

    private async Task<Results<Ok, ProblemHttpResult>> HubSpotAsync(WebhookEndpoint? endpoint, byte[] body, HttpContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> secrets = endpoint?.Secrets ?? (app.Value.ClientSecret is { Length: > 0 } secret ? [secret] : []);
        if (!secrets.Any(secret => IsSigned(secret, body, context.Request))) return Refused(ProviderNames.HubSpot);
        if (HubSpotEvents.Read(body, time.GetUtcNow()) is not { } told) return Unreadable();
        if (endpoint is not null) return await KeepAsync(endpoint.WorkspaceId, ProviderNames.HubSpot, [.. told.Select(one => one.Event)], cancellationToken);
        var portals = await database.Sql(OfPortalsSql, (object)told.Select(one => one.PortalId).Distinct().ToArray()).ListAsync(row => (Portal: row.GetString(0), Workspace: row.GetGuid(1)), cancellationToken);
        foreach (var (portal, workspace) in portals)
            await KeepAsync(workspace, ProviderNames.HubSpot, [.. told.Where(one => one.PortalId == portal).Select(one => one.Event)], cancellationToken);
        return TypedResults.Ok();
    }

    /// <summary>The address is the one that people reach this service under, whatever a proxy made of it on the way.</summary>
    private bool IsSigned(string secret, byte[] body, HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw && raw[0] == '/' ? raw : $"{request.PathBase}{request.Path}{request.QueryString}";
        return HubSpotSignature.Holds(secret, request.Method, address.Url + target, body, request.Headers[HubSpotSignature.TimestampHeader], request.Headers[HubSpotSignature.SignatureHeader], time.GetUtcNow());
    }

    private async Task<Results<Ok, ProblemHttpResult>> KeepAsync(Guid workspaceId, string provider, IReadOnlyCollection<IncomingEvent> told, CancellationToken cancellationToken)
    {
        using var scope = DatabaseScope.Narrow(workspaceId);
        metrics.Kept(provider, await inbox.KeepAsync(workspaceId, provider, told, cancellationToken));
        return TypedResults.Ok();
    }

    private ProblemHttpResult Refused(string provider)
    {
        metrics.Refused(provider);
        return Problems.Of(StatusCodes.Status401Unauthorized, "webhook_refused", "This call does not show that it comes from the provider.");
    }

    private static ProblemHttpResult Unreadable() => Problems.Of(StatusCodes.Status400BadRequest, "webhook_unreadable", "This is no event of this provider.");

    /// <summary>Null for more than anybody sends.</summary>
    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > LargestBody) return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (body.Length + read > LargestBody) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
