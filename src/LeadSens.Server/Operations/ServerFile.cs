using System.Text.Json;

namespace LeadSens.Server.Operations;

/// <summary>Tells programs on this machine where the Server of a data directory listens: <c>server.json</c>, there while it does.</summary>
internal sealed record ServerFile(int ProcessId, string Url, string? SandboxUrl)
{
    /// <summary>Whole or not at all.</summary>
    public void Write(string directory)
    {
        PrivateFiles.CreateDirectory(directory);
        PrivateFiles.Write(PathIn(directory), JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
    }

    public static void Delete(string directory) => File.Delete(PathIn(directory));

    private static string PathIn(string directory) => Path.Combine(directory, "server.json");
}
