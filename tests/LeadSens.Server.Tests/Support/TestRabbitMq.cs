using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LeadSens.Server.Tests.Support;

/// <summary>A real RabbitMQ of its own: node name, ports and directories belong to this test process, so that it runs beside any other
/// broker, as root and as an ordinary user. Started outside the distribution's wrapper, which insists on the user rabbitmq.</summary>
internal sealed class TestRabbitMq : IAsyncDisposable
{
    private static readonly string[] Servers =
        ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/sbin/rabbitmq-server", "/usr/local/sbin/rabbitmq-server", "/usr/sbin/rabbitmq-server"];

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"leadsens-rabbitmq-{Guid.CreateVersion7():N}");
    private readonly int _port = FreePort();
    private readonly int _distribution = FreePort();
    private readonly int _names = FreePort();
    private Process? _epmd;
    private Process? _server;

    public string Address => $"amqp://guest:guest@127.0.0.1:{_port}/";

    public static async Task<TestRabbitMq> StartAsync()
    {
        var rabbit = new TestRabbitMq();
        Directory.CreateDirectory(rabbit._directory);
        await File.WriteAllTextAsync(Path.Combine(rabbit._directory, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{rabbit._port}\n");
        await File.WriteAllTextAsync(Path.Combine(rabbit._directory, "plugins"), "[].\n");
        await rabbit.ComeBackAsync();
        return rabbit;
    }

    /// <summary>The broker is killed; its data stays.</summary>
    public async Task GoAwayAsync()
    {
        await EndAsync(_server);
        _server = null;
    }

    public async Task ComeBackAsync()
    {
        _epmd ??= Run("epmd", ["-port", $"{_names}", "-address", "127.0.0.1"]);
        _server = Run(Servers.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("rabbitmq-server is not installed; ./test.sh installs it."), []);
        await Eventually.Be(AnswersAsync, TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_server);
        await EndAsync(_epmd);
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The broker's own greeting, not merely an open port.</summary>
    private async Task<bool> AnswersAsync()
    {
        if (_server is not { HasExited: false })
            throw new InvalidOperationException($"RabbitMQ ended: {string.Join('\n', Directory.GetFiles(_directory, "*.log").Select(File.ReadAllText))}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\x09\x01"u8.ToArray());
            return await stream.ReadAsync(new byte[1]) == 1;
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    private Process Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Settings())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["HOME"] = _directory,
        ["ERL_EPMD_PORT"] = $"{_names}",
        ["RABBITMQ_NODENAME"] = $"leadsens{_port}@localhost",
        ["RABBITMQ_NODE_PORT"] = $"{_port}",
        ["RABBITMQ_DIST_PORT"] = $"{_distribution}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_directory, "data"),
        ["RABBITMQ_LOG_BASE"] = _directory,
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_directory, "rabbitmq.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_directory, "none"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_directory, "plugins"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(_directory, "pid"),
        // Two schedulers: the machine has other work.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
    };

    private static async Task EndAsync(Process? process)
    {
        if (process is null)
            return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
