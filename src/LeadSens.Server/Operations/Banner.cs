using LeadSens.Server.Identity;

namespace LeadSens.Server.Operations;

internal static class Banner
{
    /// <summary>Says where to look and how to get in, once the service listens. Not in production, where logs are for machines.</summary>
    public static void PrintBannerWhenReady(this WebApplication app)
    {
        if (app.Environment.IsProduction()) return;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var url = app.Services.GetRequiredService<PublicAddress>().Url;
            Console.WriteLine($"""

                LeadSens is ready at {url}
                  API page     {url}/docs
                  Sandbox      {app.Configuration["LeadSens:SandboxUrl"]}/_sandbox/calls
                  Login        demo workspace, header {ApiKeyAuthentication.Header}: {ApiKeys.DevelopmentKey}
                  Try          ./run.sh demo

                """);
        });
    }
}
