using System.Collections.Concurrent;
using System.Security.Claims;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace LeadSens.Server.Studio.Instances;

/// <summary>Tells Studio's viewers when the instance that they look at went on.</summary>
[Authorize]
internal sealed class InstanceHub(ObservedInstances observed, InstanceReader reader) : Hub
{
    /// <summary>Called by Studio. An instance of another workspace is as good as none.</summary>
    public async Task ObserveInstanceAsync(Guid instanceId)
    {
        if (WorkspaceContext.From(Context.User!) is not { } caller || !await reader.ExistsAsync(caller.WorkspaceId, instanceId, Context.ConnectionAborted)) return;
        observed.Add(instanceId, Context.ConnectionId, Context.User!);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        observed.Remove(Context.ConnectionId);
        return Task.CompletedTask;
    }
}

/// <summary>Who looks at what on this node, as whom they were let in: a connection that polls outlives a request, and may come back in another workspace.</summary>
internal sealed class ObservedInstances
{
    private readonly ConcurrentDictionary<(Guid Instance, string Connection), ClaimsPrincipal> observers = new();

    public Guid[] Ids => [.. observers.Keys.Select(key => key.Instance).Distinct()];

    public void Add(Guid instance, string connection, ClaimsPrincipal user) => observers[(instance, connection)] = user;

    /// <summary>The connections of those who may still look; the others' are forgotten.</summary>
    public async Task<List<string>> OfAsync(Guid instance, Func<ClaimsPrincipal, Task<bool>> mayLook)
    {
        var connections = new List<string>();
        foreach (var (key, user) in observers)
        {
            if (key.Instance != instance) continue;
            if (await mayLook(user)) connections.Add(key.Connection);
            else observers.TryRemove(key, out _);
        }

        return connections;
    }

    public void Remove(string connection)
    {
        foreach (var key in observers.Keys)
            if (key.Connection == connection) observers.TryRemove(key, out _);
    }
}

/// <summary>Looks twice a second which of the observed instances went on, on whatever node, and tells their viewers.</summary>
internal sealed class InstanceNews(ObservedInstances observed, OpenStreams rights, IHubContext<InstanceHub> hub, SystemDatabase database, TimeProvider time, ILogger<InstanceNews> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private Dictionary<Guid, long> known = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                if (observed.Ids is { Length: > 0 } ids) await TellAsync(ids, stoppingToken);
            }
            catch (Exception away) when (!stoppingToken.IsCancellationRequested)
            {
                log.InstanceNewsDelayed(away);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TellAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        var now = (await database.ListAsync("select id, version from workflow_instances where id = any($1)", row => (row.GetGuid(0), row.GetInt64(1)), cancellationToken, ids))
            .ToDictionary(row => row.Item1, row => row.Item2);
        foreach (var (id, version) in now)
        {
            if (known.TryGetValue(id, out var last) && last == version) continue;
            var viewers = hub.Clients.Clients(await observed.OfAsync(id, user => rights.HoldsAsync(user, Permission.Read, cancellationToken)));
            await viewers.SendAsync("ActivityExecutionLogUpdatedAsync", await ActivityReport.ReadAsync(database, id, [], cancellationToken), cancellationToken);
            await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new { }, cancellationToken);
            await viewers.SendAsync("WorkflowInstanceUpdatedAsync", new { workflowInstanceId = id }, cancellationToken);
        }

        known = now;
    }
}
