using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Webhooks;

/// <summary>Takes a provider's call: shows itself or is refused, is kept, and is answered at once. An address that is not there and a wrong secret get the same answer.</summary>
internal sealed class ReceiveWebhook(
    WebhookEndpoints endpoints, WebhookInbox inbox, WebhookMetrics metrics, Database database, PublicAddress address, TimeProvider time)
{
    public const int LargestBody = 1024 * 1024;

    /// <summary>An app's calls are about all the accounts that it was let into.</summary>
    private const string OfAccountsSql =
        "select account_id, workspace_id from connections where provider = $1 and account_id = any($2) and state <> 'disconnected'";

    /// <param name="id">The workspace's endpoint; null: the one of the installation's app.</param>
    public async Task<Results<Ok, ProblemHttpResult>> ExecuteAsync(
        string provider, ProviderWebhook webhook, Guid? id, HttpContext context, CancellationToken cancellationToken)
    {
        if (await BodyAsync(context.Request, cancellationToken) is not { } body) return Problems.Of(StatusCodes.Status413PayloadTooLarge, "payload_too_large", "The request is too large.");
        var endpoint = id is { } known ? await endpoints.FindAsync(provider, known, cancellationToken) : null;
        var secrets = id is null ? SecretsOfApp(webhook) : endpoint?.Secrets ?? [];
        var call = new WebhookCall(context.Request.Method, address.Url + Target(context.Request), context.Request.Headers, body, time.GetUtcNow());
        if (secrets.Count == 0 || !webhook.Verify(call, secrets)) return Refused(provider);
        if (webhook.Read(body, call.At) is not { } told) return Problems.Of(
            StatusCodes.Status400BadRequest, "webhook_unreadable", "This is no event of this provider.");
        return endpoint is not null ? await KeepAsync(endpoint.WorkspaceId, provider, told, cancellationToken)
            : await KeepOfAppAsync(provider, told, cancellationToken);
    }

    private static IReadOnlyList<string> SecretsOfApp(ProviderWebhook webhook) => webhook.AppSecret is { Length: > 0 } secret ? [secret] : [];

    /// <summary>Each event goes to the workspaces that connected its account.</summary>
    private async Task<Results<Ok, ProblemHttpResult>> KeepOfAppAsync(string provider, IReadOnlyList<IncomingEvent> told, CancellationToken cancellationToken)
    {
        var accounts = await database.Sql(OfAccountsSql, provider, told.Select(one => one.Account).OfType<string>().Distinct().ToArray())
            .ListAsync(row => (Account: row.GetString(0), Workspace: row.GetGuid(1)), cancellationToken);
        foreach (var (account, workspace) in accounts) await KeepAsync(workspace, provider, [.. told.Where(one => one.Account == account)], cancellationToken);
        return TypedResults.Ok();
    }

    /// <summary>Path and query as the caller wrote them; before them comes the address that people reach this service under, whatever a proxy made of it on the
    /// way.</summary>
    private static string Target(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw && raw[0] == '/' ? raw
            : $"{request.PathBase}{request.Path}{request.QueryString}";

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
