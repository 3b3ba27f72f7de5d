using System.Diagnostics;
using LeadSens.Engine;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Operations;

/// <summary>Runs the Sandbox beside a Server that has no address of one: starts with the host and stops with it. One that outlived a
/// killed Server is adopted, so that campaigns in flight find there what they wrote.</summary>
internal sealed partial class SandboxProcess(int port, IOptions<LeadSensOptions> options, TimeProvider clock, ILogger<SandboxProcess> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(15);

    /// <summary>The shell only opens the log (the Sandbox must not hold the Server's own output open after a kill) and becomes the Sandbox, whose files nobody else reads.</summary>
    private const string Shell = "umask 077; exec \"$@\" >>\"$0\" 2>&1 </dev/null";

    private readonly string directory = Path.GetFullPath(options.Value.DataDirectory);
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private FileStream? ownership;
    private bool begun, launched;
    private Process? process;

    public static string FileIn(string directory) => Path.Combine(directory, "sandbox.json");

    /// <summary>Finds or launches it and does not wait: it gets ready while the database does.</summary>
    public void Begin()
    {
        if (begun) return;
        begun = true;
        PrivateFiles.CreateDirectory(directory);
        ownership = TryOwn();
        if (ownership is null || SandboxFile.Read(FileIn(directory))?.Find() is { } running && Adopt(running)) return;
        process = Launch();
        new SandboxFile(process.Id, port).Write(FileIn(directory));
        launched = true;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        await UntilItAnswersAsync(cancellationToken);
        if (launched) LogStarted(port, process!.Id);
        else if (ownership is not null) await BecomeParentAsync(cancellationToken);
    }

    /// <summary>Asks it to end and gives it time to store its state.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (process is null || process.HasExited) return;
        using var terminate = ChildProcess.Start(new("kill", ["-TERM", process.Id.ToString()]));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
    }

    public void Dispose()
    {
        process?.Dispose();
        ownership?.Dispose();
        http.Dispose();
    }

    /// <summary>Of several Servers on one data directory, one starts and stops the Sandbox and the others use it.</summary>
    private FileStream? TryOwn()
    {
        try
        {
            return PrivateFiles.Open(Path.Combine(directory, "sandbox.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private bool Adopt(Process running)
    {
        process = running;
        LogAdopted(port, running.Id);
        return true;
    }

    private Process Launch()
    {
        var assembly = SandboxFile.FindAssembly()
            ?? throw new InvalidOperationException("The Sandbox is not built: build the solution, or set LeadSens__SandboxUrl.");
        var state = Path.Combine(directory, "sandbox-state");
        string[] command = [DotNet(), assembly, "--port", port.ToString(), "--state", state, "--parent-pid", Environment.ProcessId.ToString()];
        var start = new ProcessStartInfo("/bin/sh", ["-c", Shell, Path.Combine(directory, "sandbox.log"), .. command]);
        return ChildProcess.Start(start, new KeyValuePair<string, string>("ASPNETCORE_ENVIRONMENT", "Development"));
    }

    private static string DotNet() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private async Task UntilItAnswersAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (!await AnswersAsync(cancellationToken))
        {
            if (process is { HasExited: true } || clock.GetElapsedTime(started) > StartTime)
                throw new InvalidOperationException($"The Sandbox does not answer on port {port}; see {Path.Combine(directory, "sandbox.log")}.");
            await Task.Delay(TimeSpan.FromMilliseconds(30), clock, cancellationToken);
        }
    }

    /// <summary>It ends by itself some minutes after its parent; from now on that is this process.</summary>
    private async Task BecomeParentAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.PutAsJsonAsync(new Uri($"http://127.0.0.1:{port}/_sandbox/parent"), new { pid = Environment.ProcessId }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/_sandbox/health"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, EventName = "SandboxStarted", Message = "Sandbox started on port {Port} (process {ProcessId})")]
    private partial void LogStarted(int port, int processId);

    [LoggerMessage(Level = LogLevel.Information, EventName = "SandboxAdopted", Message = "Sandbox on port {Port} (process {ProcessId}) was running already and is used")]
    private partial void LogAdopted(int port, int processId);
}
