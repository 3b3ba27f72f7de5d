using System.Text.Json;

namespace LeadSens.Server.Operations;

/// <summary>Tells programs on this machine where the Server of a data directory listens: <c>server.json</c>, there while it does.</summary>
internal sealed record ServerFile(int ProcessId, string Url, string? SandboxUrl)
{
    public static void KeepWhileRunning(WebApplication app, string directory)
    {
        var path = Path.Combine(directory, "server.json");
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var file = new ServerFile(Environment.ProcessId, app.Services.GetRequiredService<PublicAddress>().Listening, app.Configuration["LeadSens:SandboxUrl"]);
            Directory.CreateDirectory(directory);
            File.WriteAllText(path + ".new", JsonSerializer.Serialize(file, JsonSerializerOptions.Web));
            File.Move(path + ".new", path, overwrite: true);
        });
        app.Lifetime.ApplicationStopping.Register(() => File.Delete(path));
    }
}
