using System.Net;
using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.Smtp;
using LeadSens.Sandbox.State;
using Microsoft.AspNetCore.Connections;

namespace LeadSens.Sandbox;

/// <summary>Composes the Sandbox: one server, one delegate, no routing or logging between them, for thousands of calls a second.</summary>
internal static class SandboxApp
{
    public static WebApplication Build(SandboxOptions options, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<SmtpConnection>());
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton<World>();
        builder.Services.AddSingleton<SmtpConnection>();
        builder.Services.AddSingleton<Ports>();
        builder.Services.AddSingleton<ParentWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ParentWatch>());
        builder.Services.AddSingleton<Webhooks>();
        builder.Services.AddSingleton<ControlApi>();
        builder.Services.AddSingleton<CallPipeline>();

        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<CallPipeline>().HandleAsync);
        return app;
    }
}
