using LeadSens.Server.Identity;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Operations;

internal static class Banner
{
    /// <summary>Says to people and programs where to look and how to get in, once the service listens. Not in production.</summary>
    public static void AnnounceWhenReady(this WebApplication app)
    {
        if (app.Environment.IsProduction()) return;
        ServerFile.KeepWhileRunning(app, app.Services.GetRequiredService<IOptions<LeadSensOptions>>().Value.DataDirectory);
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
