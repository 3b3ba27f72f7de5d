using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace LeadSens.Demo;

/// <summary>A Sandbox and Servers in processes of their own in a directory that is removed at the end: what benchmarks and crash tests run on.</summary>
internal sealed class ThrowAwayStack : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ServiceProcess> processes = [];
    private readonly Uri sandboxUrl;

    private ThrowAwayStack(string directory, Uri sandboxUrl)
    {
        (Root, this.sandboxUrl) = (directory, sandboxUrl);
        Sandbox = new SandboxControl(sandboxUrl);
    }

    public string Root { get; }

    public SandboxControl Sandbox { get; }

    /// <summary>With a Sandbox that answers; Servers are started one by one.</summary>
    public static async Task<ThrowAwayStack> StartAsync(string name, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"leadsens-{name}-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(directory);
        var port = FreePort();
        var stack = new ThrowAwayStack(directory, new($"http://127.0.0.1:{port}"));
        var sandbox = ServiceProcess.Start("LeadSens.Sandbox", Path.Combine(directory, "sandbox.log"),
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--parent-pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        stack.processes.Add(sandbox);
        while (!await stack.Sandbox.AnswersAsync(cancellationToken))
        {
            if (sandbox.HasExited) throw new InvalidOperationException($"The Sandbox did not start:\n{sandbox.Tail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
        return stack;
    }

    /// <param name="node">Names the Server's data directory; the same name again is a restart.</param>
    public async Task<RunningNode> StartServerAsync(string node, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var data = Path.Combine(Root, node);
        var all = new Dictionary<string, string?>(settings)
        {
            ["LeadSens__DataDirectory"] = data,
            ["LeadSens__SandboxUrl"] = sandboxUrl.ToString().TrimEnd('/'),
        };
        var process = ServiceProcess.Start("LeadSens.Server", Path.Combine(Root, $"{node}.log"), ["--urls", "http://127.0.0.1:0"], all);
        processes.Add(process);
        return new(process, new ApiClient(await process.ServerUrlAsync(data, Patience, cancellationToken)), data);
    }

    /// <summary>Every answer takes this long.</summary>
    public Task SetLatencyAsync(int milliseconds, CancellationToken cancellationToken) =>
        Sandbox.PutAsync("latency", new JsonArray(new JsonObject { ["ms"] = milliseconds }), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Servers first: they stop their PostgreSQL; the Sandbox was started before them.
        foreach (var process in Enumerable.Reverse(processes)) await process.StopAsync(TimeSpan.FromSeconds(20));
        foreach (var process in processes) process.Dispose();
        Sandbox.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>A Server that answers.</summary>
internal sealed record RunningNode(ServiceProcess Process, ApiClient Api, string DataDirectory)
{
    /// <summary>How to log in to the PostgreSQL that this Server brought along.</summary>
    public string EmbeddedDatabase()
    {
        var postmaster = File.ReadAllLines(Path.Combine(DataDirectory, "postgres", "postmaster.pid"));
        var password = File.ReadAllText(Path.Combine(DataDirectory, "postgres.password")).Trim();
        return $"Host=127.0.0.1;Port={postmaster[3]};Database=postgres;Username=leadsens;Password={password}";
    }

    public int PostmasterId => int.Parse(File.ReadLines(Path.Combine(DataDirectory, "postgres", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
