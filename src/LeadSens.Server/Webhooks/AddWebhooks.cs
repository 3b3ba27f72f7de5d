namespace LeadSens.Server.Webhooks;

internal static class WebhooksRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<WebhookProviders>();
        services.AddSingleton<WebhookEndpoints>().AddSingleton<WebhookInbox>().AddSingleton<WebhookMetrics>().AddSingleton<ReceiveWebhook>()
            .AddSingleton<LeadAnswers>();
        return services.AddHostedService<ProcessWebhooks>();
    }
}
