namespace LeadSens.Server.Webhooks;

internal static class WebhooksRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HubSpotAppOptions>().Bind(configuration.GetSection("HubSpot"));
        services.AddSingleton<WebhookEndpoints>().AddSingleton<WebhookInbox>().AddSingleton<WebhookMetrics>().AddSingleton<ReceiveWebhook>();
        services.AddSingleton<ApplyInstantly>().AddSingleton<ApplyHubSpot>();
        return services.AddHostedService<ProcessWebhooks>();
    }
}
