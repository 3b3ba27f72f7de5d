using System.Diagnostics;
using System.Globalization;

namespace LeadSens.Server.Data;

/// <summary>What a postmaster left in its <c>postmaster.pid</c>.</summary>
internal sealed record PostmasterFile(string Path, int ProcessId, int Port, string? SharedMemoryId)
{
    /// <summary>Null when no postmaster runs or ran without a proper end.</summary>
    public static PostmasterFile? Read(string cluster)
    {
        var path = System.IO.Path.Combine(cluster, "postmaster.pid");
        try
        {
            var lines = File.ReadAllLines(path);
            if (lines.Length < 4 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid) || !int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port))
                return null;
            return new PostmasterFile(path, pid, port, lines.Length > 6 ? lines[6].Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() : null);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public bool ProcessLives()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>After a restart of the machine or the container the id may name a stranger, which PostgreSQL takes for its predecessor.
    /// Nobody holds the shared memory then, and the file may go.</summary>
    public bool NamesAStranger()
    {
        if (!OperatingSystem.IsLinux() || SharedMemoryId is null || !Directory.Exists($"/proc/{ProcessId}"))
            return false;
        var attached = File.ReadLines("/proc/sysvipc/shm").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(columns => columns[1] == SharedMemoryId && columns[6] != "0");
        return !attached;
    }
}
