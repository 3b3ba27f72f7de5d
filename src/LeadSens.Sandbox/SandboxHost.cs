using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LeadSens.Sandbox;

/// <summary>A running Sandbox on a real port of the loopback address.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private SandboxHost(WebApplication app)
    {
        this.app = app;
        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary><c>http://127.0.0.1:PORT</c></summary>
    public string Url { get; }

    public static Task<SandboxHost> StartAsync(int seed = 1) => StartAsync(new SandboxOptions(Seed: seed));

    public static async Task<SandboxHost> StartAsync(SandboxOptions options, TimeProvider? clock = null)
    {
        var app = SandboxApp.Build(options, clock);
        await app.StartAsync();
        return new SandboxHost(app);
    }

    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
