using LeadSens.Engine;
using LeadSens.Server.Workflows.Triggers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>Once a second: fires what is due, takes over from dead nodes, renews leases, and now and then drops stimuli nobody needs.</summary>
internal sealed class WorkflowSweep(
    WorkflowStore store, DueTriggers triggers, Leases leases, WorkflowSignal signal, NpgsqlDataSource database, IOptions<WorkflowOptions> options, TimeProvider time, ILogger<WorkflowSweep> log)
    : BackgroundService
{
    private const int Portion = 1_000;
    private const int RenewEvery = 20;
    private const int CleanEvery = 3_600;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var round = 0;
        do
        {
            try
            {
                await RoundAsync(round++, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepBroke(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RoundAsync(int round, CancellationToken cancellationToken)
    {
        await leases.GiveBackBrokenAsync(cancellationToken);
        var reclaimed = await leases.ReclaimAsync(cancellationToken);
        if (reclaimed > 0)
            log.LeasesReclaimed(reclaimed);
        var fired = 0;
        for (int portion = Portion; portion == Portion; fired += portion)
            portion = await store.FireDueAsync(Portion, cancellationToken);
        for (int portion = Portion; portion == Portion; fired += portion)
            portion = await triggers.FireAsync(Portion, cancellationToken);
        if (reclaimed + fired > 0)
            signal.Wake();
        if (round % RenewEvery == 0)
        {
            await leases.RenewAsync(cancellationToken);
            await leases.FreeActivationsAsync(cancellationToken);
        }
        if (round % CleanEvery == 0)
            await CleanAsync(cancellationToken);
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with refused as (delete from workflow_starts where refused is not null and created_at < now() - make_interval(days => $1)),
            old as (delete from stimuli where status <> 'Waiting' and created_at < now() - make_interval(days => $1))
            update stimuli set status = 'Closed', reason = 'nothing waited for it in time' where status = 'Waiting' and created_at < now() - make_interval(days => $1)
            """);
        command.Add(options.Value.StimulusDays);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
