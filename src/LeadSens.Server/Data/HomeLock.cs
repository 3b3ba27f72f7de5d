using System.Globalization;
using System.Text;
using LeadSens.Server.Operations;

namespace LeadSens.Server.Data;

/// <summary>Keeps a second Server out of a data directory (an exclusive flock, which ends with the process however it ends).</summary>
internal static class HomeLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<FileStream> TakeAsync(string directory, CancellationToken cancellationToken)
    {
        var file = Path.Combine(directory, "lock");
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryTake(file) is { } held)
                return held;
            // A Server that was killed a moment ago may still be on its way out.
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new DatabaseException($"Another Server (process {await HolderAsync(file, cancellationToken)}) uses {directory}. Stop it, or set LeadSens__DataDirectory to another directory.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Null when another process holds it.</summary>
    public static FileStream? TryTake(string file)
    {
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Unix.
            var stream = PrivateFiles.Open(file, FileMode.OpenOrCreate, FileShare.None);
            stream.SetLength(0);
            stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            stream.Flush();
            return stream;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Read by a program that does not ask for the lock, as a FileStream would.</summary>
    private static async Task<string> HolderAsync(string file, CancellationToken cancellationToken) =>
        (await Command.RunAsync(["cat", file], null, cancellationToken)).Output;
}
