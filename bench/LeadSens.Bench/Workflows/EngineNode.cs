using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadSens.Bench.Workflows;

/// <summary>The Server's data and workflow slices as they are registered there, in this process: store, journal, leases, sweep and runner.</summary>
internal sealed class EngineNode : IAsyncDisposable
{
    public const string Waiting = "bench-wait";
    public const string Sleeping = "bench-sleep";

    private readonly WebApplication app;

    private EngineNode(WebApplication app)
    {
        this.app = app;
        Workflows = app.Services.GetRequiredService<WorkflowService>();
        Store = app.Services.GetRequiredService<WatchedStore>();
        Id = app.Services.GetRequiredService<NodeIdentity>().Id;
        Signal = app.Services.GetRequiredService<WorkflowSignal>();
    }

    public Guid Id { get; }
    public WorkflowService Workflows { get; }
    public WatchedStore Store { get; }
    public WorkflowSignal Signal { get; }

    /// <summary>One workspace for all instances.</summary>
    public static Guid Workspace { get; } = Guid.CreateVersion7();

    public static async Task<EngineNode> StartAsync(ThrowAwayDatabase database, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("LeadSens:Database", database.Address)]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddData();
        builder.Services.AddWorkflows();
        builder.Services.AddSingleton<PostgresWorkflowStore>().AddSingleton<WatchedStore>();
        builder.Services.AddSingleton<WorkflowStore>(services => services.GetRequiredService<WatchedStore>());
        var app = builder.Build();
        Graph.Register(app.Services.GetRequiredService<ActivityRegistry>());
        await app.StartAsync(cancellationToken);
        return new EngineNode(app);
    }

    /// <summary>Three boxes, of which the middle one waits.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(Waiting, Graph.Box("wait", "Bench.Wait"), cancellationToken);
        await PublishAsync(Sleeping, Graph.Box("sleep", "Elsa.Delay", "timeSpan", "TimeSpan", "Literal", "30.00:00:00"), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task PublishAsync(string definitionId, JsonObject wait, CancellationToken cancellationToken)
    {
        var json = Graph.Line(definitionId, Graph.Box("before", "Bench.NoOp"), wait, Graph.Box("after", "Bench.NoOp"));
        var saved = await app.Services.GetRequiredService<DefinitionStore>().SaveAsync(Workspace, json, publish: true, cancellationToken);
        if (saved.Errors.Count > 0) throw new InvalidOperationException(string.Join("; ", saved.Errors));
    }
}
