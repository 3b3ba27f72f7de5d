using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LeadSens.Demo;

/// <summary>A Server or Sandbox in a process of its own.</summary>
internal sealed class ServiceProcess : IDisposable
{
    /// <summary>The shell only opens the log and becomes the service, so that a kill of the starter leaves nobody with a broken pipe.</summary>
    private const string Shell = "exec \"$@\" >>\"$0\" 2>&1 </dev/null";

    private readonly Process process;

    private ServiceProcess(Process process, string log) => (this.process, Log) = (process, log);

    public string Log { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Of a process that has exited.</summary>
    public int ExitCode => process.ExitCode;

    /// <param name="project">LeadSens.Server or LeadSens.Sandbox.</param>
    /// <param name="settings">Environment variables on top of the caller's.</param>
    public static ServiceProcess Start(string project, string log, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? settings = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(log))!);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Shell, log, "dotnet", AssemblyOf(project), .. arguments]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new(Process.Start(start)!, log);
    }

    /// <summary>The address that a Server wrote into its data directory once it listened.</summary>
    public async Task<Uri> ServerUrlAsync(string dataDirectory, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (ServerFile.Read(dataDirectory) is not { } file || file.ProcessId != Id)
        {
            if (HasExited || Stopwatch.GetElapsedTime(started) > patience)
                throw new InvalidOperationException($"The Server did not get ready. The end of {Log}:\n{Tail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
        return new(ServerFile.Read(dataDirectory)!.Url);
    }

    /// <summary>Asks the process to end and waits for it; kills it after the patience.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (!HasExited) Signal("TERM");
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public string Tail(int lines = 30) => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(lines)) : "";

    public void Dispose() => process.Dispose();

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>In the repository's tree, built in the configuration of the program that asks.</summary>
    private static string AssemblyOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "LeadSens.sln"))) root = root.Parent;
        if (root is null) throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
        return Path.Combine(root.FullName, "src", project, "bin", output.Parent!.Name, output.Name, project + ".dll");
    }
}

/// <summary>What a running Server tells of itself in its data directory.</summary>
internal sealed record ServerFile(int ProcessId, string Url, string SandboxUrl)
{
    public static ServerFile? Read(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerFile>(File.ReadAllText(Path.Combine(dataDirectory, "server.json")), JsonSerializerOptions.Web);
        }
        catch (Exception fault) when (fault is IOException or JsonException)
        {
            // Not there, or about to be replaced: as good as none.
            return null;
        }
    }
}
