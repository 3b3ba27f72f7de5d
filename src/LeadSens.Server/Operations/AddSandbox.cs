using System.Net;
using System.Net.Sockets;

namespace LeadSens.Server.Operations;

internal static class SandboxRegistration
{
    /// <summary>Outside production and without <c>LeadSens:SandboxUrl</c>: chooses the address now, so that every slice reads it from
    /// the configuration, and starts the process with the host.</summary>
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        const string Url = $"{LeadSensOptions.Section}:{nameof(LeadSensOptions.SandboxUrl)}";
        if (builder.Environment.IsProduction() || !string.IsNullOrEmpty(builder.Configuration[Url])) return;
        var directory = builder.Configuration[$"{LeadSensOptions.Section}:{nameof(LeadSensOptions.DataDirectory)}"] ?? new LeadSensOptions().DataDirectory;
        var port = ChoosePort(SandboxFile.Read(SandboxProcess.FileIn(directory)));
        builder.Configuration[Url] = $"http://127.0.0.1:{port}";
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<SandboxProcess>(services, port));
        builder.Services.AddHostedService(services => services.GetRequiredService<SandboxProcess>());
    }

    /// <summary>Lets the Sandbox, where there is one to start, get ready beside everything else.</summary>
    public static void BeginSandbox(this WebApplication app) => app.Services.GetService<SandboxProcess>()?.Begin();

    /// <summary>The remembered port where our Sandbox still answers or nobody listens, else a free one.</summary>
    private static int ChoosePort(SandboxFile? file)
    {
        if (file is not null && (file.Find() is not null || TryBind(file.Port) is not null)) return file.Port;
        return TryBind(0) ?? throw new InvalidOperationException("No port is free for the Sandbox.");
    }

    private static int? TryBind(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
