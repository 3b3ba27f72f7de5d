using LeadSens.Server.Data;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows;

/// <summary>Forgets what is old, once an hour, in small transactions: ended runs with all that belongs to them, the journal of runs that go on and on,
/// stimuli and the waits that they tell to be over.</summary>
internal sealed class Retention(SystemDatabase database, IOptions<WorkflowOptions> options, TimeProvider time, ILogger<Retention> log) : BackgroundService
{
    private const int Portion = 500;
    private const int StartMinutes = 5;

    // A faulted campaign may still be run again.
    private const string InstancesSql = """
        with old as (
            select i.id from workflow_instances i
            where i.created_at < clock_now() - make_interval(days => $1) and i.status = 'Finished' and i.finished_at < clock_now() - make_interval(days => $1)
                and not exists (select from campaigns c where c.workflow_instance_id = i.id and c.status not in ('Completed', 'Cancelled'))
            limit $2 for update of i skip locked),
        gone as (delete from workflow_instances i using old where i.id = old.id returning i.id),
        bursts as (delete from workflow_bursts b using gone where b.instance_id = gone.id),
        resumptions as (delete from workflow_resumptions r using gone where r.instance_id = gone.id),
        bookmarks as (delete from workflow_bookmarks b using gone where b.instance_id = gone.id)
        select count(*) from gone
        """;

    private const string JournalSql = """
        with gone as (delete from workflow_bursts where ctid = any (array(
            select ctid from workflow_bursts where at < clock_now() - make_interval(days => $1) limit $2)) returning 1)
        select count(*) from gone
        """;

    private const string BookmarksSql = """
        with gone as (delete from workflow_bookmarks where ctid = any (array(
            select ctid from workflow_bookmarks where created_at < clock_now() - make_interval(days => $1) and state = 2 limit $2)) returning 1)
        select count(*) from gone
        """;

    private const string StimuliSql = """
        with gone as (delete from stimuli where ctid = any (array(
            select ctid from stimuli where created_at < clock_now() - make_interval(days => $1) and status <> 'Waiting' limit $2)) returning 1)
        select count(*) from gone
        """;

    private const string UnheardSql = """
        with closed as (update stimuli set status = 'Closed', reason = 'nothing waited for it in time', created_at = clock_now() where ctid = any (array(
            select ctid from stimuli where created_at < clock_now() - make_interval(days => $1) and status = 'Waiting' limit $2 for update skip locked)) returning 1)
        select count(*) from closed
        """;

    private const string RefusedSql = """
        with gone as (delete from workflow_starts where ctid = any (array(
            select ctid from workflow_starts where created_at < clock_now() - make_interval(days => $1) and refused is not null limit $2)) returning 1)
        select count(*) from gone
        """;

    private const string StartsSql = """
        with gone as (delete from workflow_start_counts where ctid = any (array(
            select ctid from workflow_start_counts where minute < extract(epoch from clock_now())::bigint / 60 - $1 limit $2)) returning 1)
        select count(*) from gone
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        do
        {
            try
            {
                await ForgetAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepBroke(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var (instances, journal, stimuli) = (options.Value.InstanceDays, options.Value.JournalDays, options.Value.StimulusDays);
        // The journals first: a run that went on for months would otherwise take all of its own with it at once.
        await AllAsync(JournalSql, journal, cancellationToken);
        var forgotten = await AllAsync(InstancesSql, instances, cancellationToken);
        foreach (var (sql, age) in ((string, int)[])[(BookmarksSql, stimuli), (StimuliSql, stimuli), (UnheardSql, stimuli), (RefusedSql, stimuli), (StartsSql, StartMinutes)])
            await AllAsync(sql, age, cancellationToken);
        if (forgotten > 0)
            log.InstancesForgotten(forgotten, instances);
    }

    private async Task<long> AllAsync(string sql, int days, CancellationToken cancellationToken)
    {
        long all = 0;
        try
        {
            while (await database.FirstAsync(sql, row => row.GetInt64(0), cancellationToken, days, Portion) is var portion and > 0)
                all += portion;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // What cannot be forgotten keeps the rest from nothing.
            log.SweepBroke(error);
        }
        return all;
    }
}
