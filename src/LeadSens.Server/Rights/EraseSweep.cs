using LeadSens.Server.Data;

namespace LeadSens.Server.Rights;

/// <summary>Goes on with erasures that have settled, or whose process died.</summary>
internal sealed class EraseSweep(SystemDatabase database, Erasures erasures, TimeProvider time, ILogger<EraseSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>The next one is this node's for five minutes.</summary>
    private const string TakeSql = """
        update erasures set run_after = clock_now() + interval '5 minutes'
        where id = (select id from erasures where state <> 'done' and run_after <= clock_now() order by run_after limit 1 for update skip locked) returning id, workspace_id
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.ErasureInterrupted(failure);
            }
        }
    }

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await database.Sql(TakeSql).FirstAsync(row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken) is var (id, workspaceId) && id != Guid.Empty)
        {
            using var scope = DatabaseScope.Work(workspaceId);
            var erasure = await erasures.GoOnAsync(id, cancellationToken);
            if (erasure.State == "done") log.PersonErased(id);
        }
    }
}
