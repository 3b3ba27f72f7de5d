using LeadSens.Server.Api;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Webhooks;

internal static class WebhooksRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<WebhookProviders>();
        services.AddSingleton<WebhookEndpoints>().AddSingleton<WebhookInbox>().AddSingleton<WebhookMetrics>().AddSingleton<ReceiveWebhook>()
            .AddSingleton<LeadAnswers>();
        return services.AddHostedService<ProcessWebhooks>()
            .AddUseCase<ListWebhookEvents, ListWebhookEvents.Request, Page<WebhooksApi.EventView>>()
            .AddUseCase<ListWebhookEndpoints, ListWebhookEndpoints.Request, Page<WebhooksApi.EndpointView>>()
            .AddUseCase<MakeWebhookEndpoint, WebhooksApi.Request, WebhooksApi.Made>()
            .AddUseCase<RemoveWebhookEndpoint, RemoveWebhookEndpoint.Request, Done>();
    }
}
