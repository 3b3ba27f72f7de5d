using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Support;

/// <summary>A call as it arrived.</summary>
internal sealed record HookCall(IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Listens on a port of its own and keeps what comes.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<HookCall> calls = [];

    private WebhookListener(WebApplication app) => this.app = app;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public IReadOnlyList<HookCall> Calls
    {
        get
        {
            lock (calls) return [.. calls];
        }
    }

    public static async Task<WebhookListener> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var listener = new WebhookListener(builder.Build());
        listener.app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var call = new HookCall(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
            lock (listener.calls) listener.calls.Add(call);
        });
        await listener.app.StartAsync();
        return listener;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
