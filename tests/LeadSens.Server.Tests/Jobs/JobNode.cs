using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>One Server node with nothing but its jobs, outbox and bus.</summary>
internal sealed class JobNode(IHost host) : IAsyncDisposable
{
    private int disposed;

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    public static async Task<JobNode> StartAsync(TestDatabase db, Action<IServiceCollection>? handlers = null, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Jobs:StopGrace"] = "00:00:00.2" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(db.DataSource).AddSingleton<Database>(db.DataSource).AddSingleton<NodeIdentity>().AddSingleton<Nodes>().AddSingleton<Wakeups>();
        builder.Services.AddHostedService<NodeSession>();
        builder.Services.AddJobs(builder.Configuration);
        handlers?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        await host.StopAsync();
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
