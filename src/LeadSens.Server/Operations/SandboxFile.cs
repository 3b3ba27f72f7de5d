using System.Diagnostics;
using System.Text.Json;

namespace LeadSens.Server.Operations;

/// <summary>What the data directory remembers of the Sandbox that this service started.</summary>
internal sealed record SandboxFile(int ProcessId, int Port)
{
    private const string Assembly = "LeadSens.Sandbox";

    public static SandboxFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SandboxFile>(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is IOException or JsonException)
        {
            // Not there, or cut off by a crash while it was written: then there is nothing to adopt.
            return null;
        }
    }

    /// <summary>Whole or not at all.</summary>
    public void Write(string path) => PrivateFiles.Write(path, JsonSerializer.Serialize(this));

    /// <summary>The process, where it still is the Sandbox: an id may have gone to another program meanwhile.</summary>
    public Process? Find()
    {
        try
        {
            return File.ReadAllText($"/proc/{ProcessId}/cmdline").Contains(Assembly, StringComparison.Ordinal) ? Process.GetProcessById(ProcessId) : null;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The Sandbox's assembly beside this one (tests, an image) or in its project's output of the same configuration; null
    /// where neither was built.</summary>
    public static string? FindAssembly()
    {
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string[] places = [here, Path.Combine(here, "sandbox"), here.Replace("LeadSens.Server", Assembly, StringComparison.Ordinal)];
        return places
            .Where(place => File.Exists(Path.Combine(place, Assembly + ".runtimeconfig.json")))
            .Select(place => Path.Combine(place, Assembly + ".dll"))
            .FirstOrDefault(File.Exists);
    }
}
