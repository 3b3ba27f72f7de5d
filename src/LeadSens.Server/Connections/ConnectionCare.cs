using LeadSens.Server.Data;

namespace LeadSens.Server.Connections;

/// <summary>Looks after connections that a job was refused with: once in the whole cluster, apart from the jobs, which wait.</summary>
internal sealed class ConnectionCare(SystemDatabase database, LookAtConnection look, TimeProvider time, ILogger<ConnectionCare> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>What could not be looked at is looked at again after this time.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(60);

    private const string TakeSql = """
        update connections c set doubted_at = clock_now() + $1
        from (select id from connections where doubted_at <= clock_now() and state = 'connected' order by doubted_at limit 10 for update skip locked) due
        where c.id = due.id returning c.workspace_id, c.id
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the service.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var due = await database.Sql(TakeSql, Turn).ListAsync(row => (Workspace: row.GetGuid(0), Id: row.GetGuid(1)), cancellationToken);
            await Task.WhenAll(due.Select(one => OneAsync(one.Workspace, one.Id, cancellationToken)));
        }
        catch (Exception away) when (!cancellationToken.IsCancellationRequested)
        {
            log.ConnectionNotLookedAt(away, Guid.Empty);
        }
    }

    private async Task OneAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken)
    {
        using var scope = DatabaseScope.Work(workspaceId);
        try
        {
            await look.ExecuteAsync(workspaceId, id, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.ConnectionNotLookedAt(error, id);
        }
    }
}
