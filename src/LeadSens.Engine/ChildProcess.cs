using System.Diagnostics;

namespace LeadSens.Engine;

/// <summary>Starts a program of ours. All children go through here, so that none inherits what this process was told: keys, passwords of databases and
/// providers' tokens stand in its environment, and a child's can be read by the child's user.</summary>
public static class ChildProcess
{
    /// <summary>What a program needs to run at all; everything else is given by name.</summary>
    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_DIR", "SSL_CERT_FILE",
        "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_RUNNING_IN_CONTAINER",
    ];

    /// <param name="start">Its own environment counts for nothing.</param>
    /// <param name="environment">On top of what every program gets; nothing secret.</param>
    public static Process Start(ProcessStartInfo start, params IReadOnlyCollection<KeyValuePair<string, string>> environment)
    {
        start.UseShellExecute = false;
        start.Environment.Clear();
        foreach (var name in Inherited)
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
    }
}
