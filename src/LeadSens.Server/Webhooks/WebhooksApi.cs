using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Webhooks;

/// <summary>Where providers call, and the endpoints that a workspace has for it.</summary>
internal static class WebhooksApi
{
    private const int LongestSecret = 200;

    /// <param name="Secret">With which the provider signs. For a provider that sends a secret instead one is made.</param>
    public sealed record Request([property: Required, OneOf(typeof(WebhookProviders), Name = "WebhookProvider")] string? Provider, string? Secret);

    /// <param name="Header">In which the provider has to send the secret; null where the provider signs.</param>
    /// <param name="Secret">Shown here and never again; null where it is the provider's own.</param>
    public sealed record Made(Guid Id, [property: OneOf(typeof(WebhookProviders), Name = "WebhookProvider")] string Provider, string Url, string? Header, string? Secret);

    public sealed record EndpointView(
        Guid Id, [property: OneOf(typeof(WebhookProviders), Name = "WebhookProvider")] string Provider, string Url, DateTimeOffset CreatedAt, DateTimeOffset RotatedAt);

    public sealed record EventView(
        Guid Id, [property: OneOf(typeof(WebhookProviders), Name = "WebhookProvider")] string Provider, string Type,
        [property: OneOf("WebhookEventState", "received", "done", "ignored", "failed")] string State, Guid? LeadId, DateTimeOffset OccurredAt, DateTimeOffset ReceivedAt, string? Failure);

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapApiGroup("webhooks");
        // By name and not by a parameter: what is no provider must not be taken for one.
        foreach (var (provider, webhook) in app.ServiceProvider.GetRequiredService<ProviderRegistry>().With<ProviderWebhook>())
        {
            var (name, title, operation) = (provider.Name, provider.Title, provider.Identifier);
            webhooks.MapPost($"{name}/{{endpoint:guid}}", (Guid endpoint, HttpContext context, ReceiveWebhook receive, CancellationToken cancellationToken) =>
                receive.ExecuteAsync(name, webhook, endpoint, context, cancellationToken))
                    .Receives($"receive{operation}Events", $"Where {title} tells a workspace what happened");
            if (!webhook.HasApp) continue;
            webhooks.MapPost(name, (HttpContext context, ReceiveWebhook receive, CancellationToken cancellationToken) =>
                receive.ExecuteAsync(name, webhook, null, context, cancellationToken))
                .Receives($"receive{operation}AppEvents", $"Where {title} tells what happened in the accounts of the public app");
        }

        webhooks.MapGet("events", EventsAsync).Named("listWebhookEvents", "What providers told, and what it did");
        webhooks.MapGet("endpoints", ListAsync).Needs(Permission.Manage).Named("listWebhookEndpoints", "Where providers call for this workspace");
        webhooks.MapPost("endpoints", MakeAsync).Needs(Permission.Manage).Named("makeWebhookEndpoint", "Make an endpoint, or give it another secret");
        webhooks.MapDelete("endpoints/{id:guid}", RemoveAsync).Needs(Permission.Manage).Named("removeWebhookEndpoint", "Take an endpoint away");
    }

    /// <summary>What anybody may call: who calls shows itself.</summary>
    private static void Receives(this RouteHandlerBuilder endpoint, string operation, string summary) => endpoint
        .Needs(AccessRule.Anybody).Limited(RateRule.Webhooks).Takes(ReceiveWebhook.LargestBody + 1).Named(operation, summary)
        .Reads("The provider's events, as it sends them").Refuses(StatusCodes.Status401Unauthorized, StatusCodes.Status413PayloadTooLarge);

    private static async Task<Ok<Page<EventView>>> EventsAsync([AsParameters] PageRequest page, [OneOf("WebhookEventState", "received", "done", "ignored", "failed")] string? state, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Sql("""
            select id, provider, event_type, state, lead_id, occurred_at, received_at, failure from webhook_events
            where workspace_id = $1 and id > $2 and ($3::text is null or state = $3) order by id limit $4
            """, caller.WorkspaceId, page.After, state, page.Size + 1).ListAsync(row => new EventView(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3),
                row.Maybe<Guid>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.Text(7)), cancellationToken);
        return TypedResults.Ok(Page<EventView>.Of(rows, page.Size, row => row.Id.ToString()));
    }

    private static async Task<Ok<Page<EndpointView>>> ListAsync(WorkspaceContext caller, Database database, PublicAddress address, CancellationToken cancellationToken)
    {
        var rows = await database.Sql("select id, provider, created_at, rotated_at from webhook_endpoints where workspace_id = $1 order by provider", caller.WorkspaceId).ListAsync(row =>
            new EndpointView(row.GetGuid(0), row.GetString(1), Url(address, row.GetString(1), row.GetGuid(0)), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3)), cancellationToken);
        return TypedResults.Ok(new Page<EndpointView>(rows, null));
    }

    /// <summary>Makes one; where there is one, gives it another secret. The old one is taken for another day.</summary>
    private static async Task<Results<Created<Made>, ProblemHttpResult>> MakeAsync(
        Request request, WorkspaceContext caller, Database database, ProviderRegistry providers, WebhookEndpoints endpoints, PublicAddress address,
        CancellationToken cancellationToken)
    {
        var webhook = providers.Find(request.Provider)?.Part<ProviderWebhook>();
        if (Check(request, webhook, providers) is { Any: true } errors) return Problems.Validation(errors.ByField);
        var header = webhook!.SecretHeader;
        var secret = header is null ? request.Secret! : Secret.New("lsw_").Text;
        var entry = new AuditEntry(caller.WorkspaceId, caller.By, "webhook.made", "webhook", request.Provider, new JsonObject { ["provider"] = request.Provider });
        var id = await database.ChangeAsync(entry, connection => endpoints.WriteAsync(connection, caller.WorkspaceId, request.Provider!, secret, cancellationToken), cancellationToken);
        return TypedResults.Created(
            "/api/webhooks/endpoints", new Made(id, request.Provider!, Url(address, request.Provider!, id), header, header is null ? null : secret));
    }

    private static FieldErrors Check(Request request, ProviderWebhook? webhook, ProviderRegistry providers)
    {
        var errors = new FieldErrors();
        errors.Require(webhook is not null, "provider", $"One of {string.Join(", ", providers.With<ProviderWebhook>().Select(one => one.Provider.Name))}.");
        if (webhook is { SecretHeader: null }) errors.Require(request.Secret is { Length: > 0 and <= LongestSecret }, "secret", webhook.SecretToBring);
        else errors.Require(request.Secret is null, "secret", "Leave it out: it is made here.");
        return errors;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "webhook.removed", "webhook", id),
            connection => connection.Sql("delete from webhook_endpoints where workspace_id = $1 and id = $2", caller.WorkspaceId, id).RunAsync(cancellationToken), cancellationToken) == 1
            ? TypedResults.NoContent() : Problems.NotFound("webhook_not_found");

    private static string Url(PublicAddress address, string provider, Guid id) => $"{address.Url}/api/webhooks/{provider}/{id}";
}
