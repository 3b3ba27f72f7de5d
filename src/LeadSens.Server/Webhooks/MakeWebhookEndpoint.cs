using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Webhooks;

/// <summary>Makes an endpoint; where there is one, gives it another secret. The old one is taken for another day.</summary>
internal sealed class MakeWebhookEndpoint(Database database, ProviderRegistry providers, WebhookEndpoints endpoints, PublicAddress address)
    : IUseCase<MakeWebhookEndpoint, WebhooksApi.Request, WebhooksApi.Made>
{
    private const int LongestSecret = 200;

    public static UseCase Declaration { get; } = new("makeWebhookEndpoint", "Make an endpoint, or give it another secret", Permission.Manage,
        Effect.Changes, "webhook.made");

    public async Task<Outcome<WebhooksApi.Made>> RunAsync(Caller caller, WebhooksApi.Request request, CancellationToken cancellationToken)
    {
        var webhook = providers.Find(request.Provider)?.Part<ProviderWebhook>();
        if (Check(request, webhook) is { Any: true } errors) return Refusal.Invalid(errors);
        var (provider, header) = (request.Provider!, webhook!.SecretHeader);
        var secret = header is null ? request.Secret! : Secret.New("lsw_").Text;
        var details = new JsonObject { ["provider"] = provider };
        var made = await database.ChangeAsync<WebhooksApi.Made>(new(caller.WorkspaceId, caller.By, Declaration.Audits!, "webhook", provider,
            details), async connection =>
        {
            var id = await endpoints.WriteAsync(connection, caller.WorkspaceId, provider, secret, cancellationToken);
            return new(id, provider, WebhooksApi.Url(address, provider, id), header, header is null ? null : secret);
        }, cancellationToken);
        return made!;
    }

    private FieldErrors Check(WebhooksApi.Request request, ProviderWebhook? webhook)
    {
        var errors = new FieldErrors();
        errors.Require(webhook is not null, "provider", $"One of {string.Join(", ", providers.With<ProviderWebhook>().Select(one => one.Provider.Name))}.");
        if (webhook is { SecretHeader: null }) errors.Require(request.Secret is { Length: > 0 and <= LongestSecret }, "secret", webhook.SecretToBring);
        else errors.Require(request.Secret is null, "secret", "Leave it out: it is made here.");
        return errors;
    }
}
