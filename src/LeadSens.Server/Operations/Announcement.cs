using LeadSens.Server.Identity;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Operations;

internal static class Announcement
{
    /// <summary>Says to people and programs where to look and how to get in, once the service listens. Not in production.</summary>
    public static void AnnounceWhenReady(this WebApplication app)
    {
        if (app.Environment.IsProduction()) return;
        var directory = app.Services.GetRequiredService<IOptions<LeadSensOptions>>().Value.DataDirectory;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var address = app.Services.GetRequiredService<PublicAddress>();
            if (address.Listening is not { } listening) return;
            var sandbox = app.Configuration[$"{LeadSensOptions.Section}:{nameof(LeadSensOptions.SandboxUrl)}"];
            new ServerFile(Environment.ProcessId, listening, sandbox).Write(directory);
            app.Lifetime.ApplicationStopping.Register(() => ServerFile.Delete(directory));
            Print(address.Url, sandbox);
        });
    }

    private static void Print(string url, string? sandbox) => Console.WriteLine($"""

        LeadSens is ready at {url}
          Workflows    {url}/studio/
          API page     {url}/docs
          Sandbox      {sandbox}/_sandbox
          Mail sent    {sandbox}/_sandbox/mail
          Login        {DemoWorkspace.Email}, password {DemoWorkspace.Password}
          API key      header {ApiKeyAuthentication.Header}: {ApiKeys.DevelopmentKey}
          Try          ./run.sh demo

        """);
}
