using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Connections;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using LeadSens.Server.Web;

namespace LeadSens.Server.Webhooks;

/// <summary>Where providers call, and the endpoints that a workspace has for it.</summary>
internal static class WebhooksApi
{
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
        foreach (var (provider, webhook) in app.ServiceProvider.GetRequiredService<ProviderRegistry>().Declaring<ProviderWebhook>())
        {
            var (name, title, operation) = (provider.Name, provider.Title, provider.Identifier);
            webhooks.MapPost($"{name}/{{endpoint:guid}}", (Guid endpoint, HttpContext context, ReceiveWebhook receive, CancellationToken cancellationToken) =>
                receive.ExecuteAsync(name, provider.Part<ProviderWebhook>()!, endpoint, context, cancellationToken))
                    .Receives($"receive{operation}Events", $"Where {title} tells a workspace what happened");
            if (!webhook.IsDefined(typeof(AppWebhookAttribute), inherit: false)) continue;
            webhooks.MapPost(name, (HttpContext context, ReceiveWebhook receive, CancellationToken cancellationToken) =>
                receive.ExecuteAsync(name, provider.Part<ProviderWebhook>()!, null, context, cancellationToken))
                .Receives($"receive{operation}AppEvents", $"Where {title} tells what happened in the accounts of the public app");
        }

        webhooks.MapGet("events", ([AsParameters] PageRequest page, [OneOf("WebhookEventState", "received", "done", "ignored", "failed")] string? state,
            UseCaseCall call, ListWebhookEvents list) => call.OkAsync(list, new(page, state))).Runs(ListWebhookEvents.Declaration);
        webhooks.MapGet("endpoints", (UseCaseCall call, ListWebhookEndpoints list) => call.OkAsync(list, new())).Runs(ListWebhookEndpoints.Declaration);
        webhooks.MapPost("endpoints", (Request request, UseCaseCall call, MakeWebhookEndpoint make) =>
            call.CreatedAsync(make, request, _ => "/api/webhooks/endpoints")).Runs(MakeWebhookEndpoint.Declaration);
        webhooks.MapDelete("endpoints/{id:guid}", (Guid id, UseCaseCall call, RemoveWebhookEndpoint remove) => call.DoneAsync(remove, new(id)))
            .Runs(RemoveWebhookEndpoint.Declaration);
    }

    /// <summary>What anybody may call: who calls shows itself.</summary>
    private static void Receives(this RouteHandlerBuilder endpoint, string operation, string summary) => endpoint
        .Needs(AccessRule.Anybody).Limited(RateRule.Webhooks).Takes(ReceiveWebhook.LargestBody + 1).Named(operation, summary)
        .Reads("The provider's events, as it sends them").Refuses(StatusCodes.Status401Unauthorized, StatusCodes.Status413PayloadTooLarge);

    public static string Url(PublicAddress address, string provider, Guid id) => $"{address.Url}/api/webhooks/{provider}/{id}";
}
