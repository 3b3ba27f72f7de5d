namespace LeadSens.Server.Feed;

internal static class FeedRegistration
{
    public static IServiceCollection AddFeed(this IServiceCollection services) => services.AddSingleton<ChangeFrames>().AddSingleton<StreamChanges>();
}
