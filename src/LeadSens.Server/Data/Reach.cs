using System.Security.Cryptography;
using System.Text;

namespace LeadSens.Server.Data;

/// <summary>What the user who runs PostgreSQL can reach, and where to go when it cannot.</summary>
internal static class Reach
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Asks <c>test</c> (<c>-x</c>, <c>-w</c>) as the user who runs PostgreSQL.</summary>
    public static async Task<bool> CanAsync(string how, string path, CancellationToken cancellationToken) =>
        (await Command.RunUnprivilegedAsync(["test", how, path], null, cancellationToken)).ExitCode == 0;

    /// <summary>A place of its own for this path, open to every user.</summary>
    public static string Elsewhere(string path) =>
        $"/var/lib/leadsens-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))))[..12]}";

    /// <summary>Makes a directory that others may enter, whatever the umask says; one that exists stays as it is.</summary>
    public static void CreateOpenDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, Open);
    }
}
