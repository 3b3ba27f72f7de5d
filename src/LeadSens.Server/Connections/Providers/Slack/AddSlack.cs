using LeadSens.Server.Approvals;

namespace LeadSens.Server.Connections.Providers.Slack;

internal static class AddSlackExtensions
{
    public static IServiceCollection AddSlack(this IServiceCollection services)
    {
        services.AddSingleton<SlackClient>();
        services.AddJobHandler<NotifySlack, SlackMessage, bool>();
        services.AddProvider(SlackClient.Provider, "Slack").With<NoticeChannel, SlackNotices>().With<ProviderRoutes, SlackRoutes>();
        return services;
    }
}

internal sealed class SlackRoutes : ProviderRoutes
{
    public override void Map(IEndpointRouteBuilder app) => app.MapSlack();
}
