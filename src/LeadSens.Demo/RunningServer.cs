using System.Globalization;

namespace LeadSens.Demo;

/// <summary>The Server that a run talks to: the one that runs on this data directory, or one that is started for the run and stopped after it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly ServiceProcess? own;

    private RunningServer(ApiClient api, Uri sandbox, ServiceProcess? own) => (Api, Sandbox, this.own) = (api, new SandboxControl(sandbox), own);

    public ApiClient Api { get; }

    public SandboxControl Sandbox { get; }

    public static async Task<RunningServer> FindOrStartAsync(int? port, CancellationToken cancellationToken)
    {
        var directory = Environment.GetEnvironmentVariable("LeadSens__DataDirectory") ?? ".data";
        if (ServerFile.Read(directory) is { } running)
        {
            var api = new ApiClient(new(running.Url));
            if (await api.IsReadyAsync(cancellationToken)) return new(api, SandboxOf(directory), null);
            api.Dispose();
        }
        var process = ServiceProcess.Start("LeadSens.Server", Path.Combine(directory, "server.log"),
            ["--urls", $"http://127.0.0.1:{(port ?? 0).ToString(CultureInfo.InvariantCulture)}"]);
        try
        {
            var url = await process.ServerUrlAsync(directory, StartTime, cancellationToken);
            return new(new(url), SandboxOf(directory), process);
        }
        catch
        {
            await process.StopAsync(TimeSpan.FromSeconds(10));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Sandbox.Dispose();
        if (own is null) return;
        await own.StopAsync(TimeSpan.FromSeconds(20));
        own.Dispose();
    }

    private static Uri SandboxOf(string directory) =>
        new(Environment.GetEnvironmentVariable("LeadSens__SandboxUrl") is { Length: > 0 } given ? given : ServerFile.Read(directory)!.SandboxUrl);
}
