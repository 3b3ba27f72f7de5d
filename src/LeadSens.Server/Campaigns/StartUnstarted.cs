using LeadSens.Server.Data;

namespace LeadSens.Server.Campaigns;

/// <summary>Starts the runs of campaigns whose process died between the status and the run, and does to runs what such a process still had to do.</summary>
internal sealed class StartUnstarted(SystemDatabase database, CampaignStart start, RunWishes wishes, TimeProvider time, ILogger<StartUnstarted> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const string Sql = """
        select c.workspace_id, c.id from campaigns c
        where c.status = 'Running' and not exists (select from workflow_instances i where i.id = c.workflow_instance_id)
        order by random() limit 100
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                foreach (var (workspaceId, campaignId) in await database.ListAsync(Sql, row => (row.GetGuid(0), row.GetGuid(1)), stoppingToken))
                    await StartAsync(workspaceId, campaignId, stoppingToken);
                await wishes.FulfilAllAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.StartFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One that cannot be started holds up no other.</summary>
    private async Task StartAsync(Guid workspaceId, Guid campaignId, CancellationToken stoppingToken)
    {
        using var scope = DatabaseScope.Work(workspaceId);
        try
        {
            await start.RunAsync(workspaceId, campaignId, stoppingToken);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            Log.StartFailed(logger, failure);
        }
    }
}
