using System.Net;
using System.Net.Sockets;

namespace LeadSens.Server.Data;

/// <summary>initdb and pg_ctl on one cluster.</summary>
/// <param name="choosePort">A free port unless given.</param>
internal sealed class PostgresServer(string binaries, PostgresHome home, bool countStatements, Func<int>? choosePort = null)
{
    private const int PortAttempts = 10;
    private int? _port;

    /// <summary>From now on it starts on this port only: its clients have the address.</summary>
    public void KeepPort(int port) => _port = port;

    /// <summary>Makes the cluster beside its place and moves it there, so that a start that is killed half-way leaves none.</summary>
    public async Task InitializeAsync(string user, string password, CancellationToken cancellationToken)
    {
        var half = home.Cluster + ".new";
        if (Directory.Exists(half))
            Directory.Delete(half, recursive: true);
        await Command.CreatePrivateDirectoryAsync(half, cancellationToken);
        // The pipe is made by the unprivileged shell: initdb could not open one that root made.
        var made = await Command.RunUnprivilegedAsync(
            ["sh", "-c", "cat | \"$@\"", "sh", Program("initdb"), "-D", half, "-U", user, "--pwfile=/dev/stdin", "--auth=scram-sha-256",
             "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"],
            password + "\n", cancellationToken);
        if (made.ExitCode != 0)
            throw new DatabaseException($"initdb failed in {half}: {made.Output}");
        Directory.Move(half, home.Cluster);
    }

    /// <summary>Starts it on a free port. The refusal is what PostgreSQL said when a predecessor still holds the directory.</summary>
    /// <exception cref="DatabaseException">It does not start for another reason.</exception>
    public async Task<(int Port, string? Refusal)> TryStartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = _port ?? (choosePort ?? FreePort)();
            var before = File.Exists(home.Log) ? new FileInfo(home.Log).Length : 0;
            var start = await Command.RunUnprivilegedAsync(
                [Program("pg_ctl"), "start", "-w", "-t", "600", "-D", home.Cluster, "-l", home.Log, "-o", string.Join(' ', Settings(port))], null, cancellationToken);
            if (start.ExitCode == 0)
                return (port, null);
            var said = Said(before) is { Length: > 0 } lines ? lines : start.Output;
            if (said.Contains("postmaster.pid", StringComparison.Ordinal) || said.Contains("pre-existing shared memory", StringComparison.Ordinal))
                return (port, said);
            // Between finding the port free and binding it, somebody else may have taken it.
            if (attempt == PortAttempts || !said.Contains("could not bind", StringComparison.Ordinal))
                throw new DatabaseException($"PostgreSQL did not start in {home.Cluster}: {said}");
        }
    }

    public Task<CommandResult> StopAsync(string mode) =>
        Command.RunUnprivilegedAsync([Program("pg_ctl"), "stop", "-w", "-t", "60", "-m", mode, "-D", home.Cluster], null, CancellationToken.None);

    private IEnumerable<string> Settings(int port)
    {
        yield return $"-p {port}";
        // Durable: a commit that was answered survives a crash of the machine.
        yield return "-c fsync=on -c synchronous_commit=on -c full_page_writes=on";
        yield return "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200";
        // The first change of a page after a checkpoint writes all of it to the log: packed, that is a fifth.
        yield return $"-c shared_buffers={BufferMegabytes()}MB -c wal_compression=pglz -c max_wal_size=2GB";
        yield return "-c timezone=UTC -c log_timezone=UTC -c jit=off -c random_page_cost=1.1";
        if (countStatements)
            yield return "-c shared_preload_libraries=pg_stat_statements";
    }

    /// <summary>A quarter of the machine's memory, as PostgreSQL's documentation advises, within bounds. It is taken when it is used.</summary>
    private static long BufferMegabytes() => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / (1024 * 1024), 128, 2048);

    private string Program(string name) => Path.Combine(binaries, "bin", name);

    private string Said(long from)
    {
        if (!File.Exists(home.Log))
            return "";
        using var stream = new FileStream(home.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(from, SeekOrigin.Begin);
        return new StreamReader(stream).ReadToEnd().Trim();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
