using System.Security.Cryptography;
using LeadSens.Server.Operations;

namespace LeadSens.Server.Data;

/// <summary>The directory of an embedded cluster: its lock, its password, its files.</summary>
internal sealed class PostgresHome : IDisposable
{
    private readonly FileStream? _lock;

    private PostgresHome(string root, FileStream? @lock) => (Root, _lock) = (root, @lock);

    public string Root { get; }
    public string Cluster => Path.Combine(Root, "postgres");
    public string Log => Path.Combine(Cluster, "server.log");
    private string PasswordFile => Path.Combine(Root, "postgres.password");
    private string RuntimePasswordFile => Path.Combine(Root, "postgres.runtime.password");

    /// <summary>Takes the lock of the data directory and finds where PostgreSQL can live.</summary>
    /// <exception cref="DatabaseException">Another Server holds the directory, or it cannot be used.</exception>
    public static async Task<PostgresHome> OpenAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        dataDirectory = Path.GetFullPath(dataDirectory);
        PrivateFiles.CreateDirectory(dataDirectory);
        var held = await HomeLock.TakeAsync(dataDirectory, cancellationToken);
        try
        {
            return new PostgresHome(await RootAsync(dataDirectory, cancellationToken), held);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>The places where a cluster of this data directory can be, for those who only ask a postmaster that runs there.</summary>
    public static IEnumerable<PostgresHome> WithoutLock(string dataDirectory)
    {
        var root = Path.GetFullPath(dataDirectory);
        return [new(root, null), new(Reach.Elsewhere(root), null)];
    }

    /// <summary>True when a cluster is there; refuses one of another major version.</summary>
    public bool HasCluster()
    {
        var file = Path.Combine(Cluster, "PG_VERSION");
        if (!File.Exists(file))
            return false;
        var version = File.ReadAllText(file).Trim();
        if (version != PostgresBinaries.MajorVersion)
        {
            throw new DatabaseException(
                $"{Cluster} was written by PostgreSQL {version}; this Server brings PostgreSQL {PostgresBinaries.MajorVersion}, which cannot read it. "
                + "Move the data over with pg_dump and psql, or start with another LeadSens__DataDirectory.");
        }
        return true;
    }

    public string ReadPassword() =>
        File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile).Trim() : throw new DatabaseException($"{PasswordFile} is missing, so nobody can log in to {Cluster}.");

    /// <summary>The password of the login that the Server works as; null where it was not made yet.</summary>
    public string? ReadRuntimePassword() => File.Exists(RuntimePasswordFile) ? File.ReadAllText(RuntimePasswordFile).Trim() : null;

    public string NewPassword() => NewPassword(PasswordFile);

    public string NewRuntimePassword() => NewPassword(RuntimePasswordFile);

    private static string NewPassword(string file)
    {
        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var stream = new FileStream(file, options);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(password));
        stream.Flush(flushToDisk: true);
        return password;
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>The data directory itself, or /var/lib where a parent directory is closed to the unprivileged user.</summary>
    private static async Task<string> RootAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var elsewhere = Reach.Elsewhere(dataDirectory);
        var moved = Directory.Exists(Path.Combine(elsewhere, "postgres"));
        // Only its owner may look into the data directory. PostgreSQL runs as nobody where the Server is root: that group passes through to the cluster.
        if (!moved && !await Reach.CanAsync("-x", dataDirectory, cancellationToken) && IsOursAlone(dataDirectory))
            await Command.LetPassAsync(dataDirectory, cancellationToken);
        if (!moved && await Reach.CanAsync("-x", dataDirectory, cancellationToken))
            return await OwnedAsync(dataDirectory, cancellationToken);
        Reach.CreateOpenDirectory(elsewhere);
        return await OwnedAsync(elsewhere, cancellationToken);
    }

    private static bool IsOursAlone(string directory) =>
        File.GetUnixFileMode(directory) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static async Task<string> OwnedAsync(string root, CancellationToken cancellationToken)
    {
        var cluster = Path.Combine(root, "postgres");
        if (Directory.Exists(cluster) && !await Reach.CanAsync("-w", cluster, cancellationToken))
            throw new DatabaseException($"{cluster} belongs to another user. Start the Server as that user, or with another LeadSens__DataDirectory.");
        return root;
    }
}
