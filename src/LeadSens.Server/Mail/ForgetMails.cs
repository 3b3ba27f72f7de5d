using LeadSens.Server.Data;

namespace LeadSens.Server.Mail;

/// <summary>Forgets, once an hour and in small transactions, mails and their jobs after 30 days, links that opened nothing for as long, and accounts that nobody confirmed in that time.</summary>
internal sealed class ForgetMails(SystemDatabase database, TimeProvider time, ILogger<ForgetMails> log) : BackgroundService
{
    private const int Portion = 500;

    private static readonly string[] Statements =
    [
        """
        with old as (select id from mails where created_at < clock_now() - interval '30 days' limit $1 for update skip locked),
        forgotten as (delete from mails m using old where m.id = old.id),
        done as (delete from jobs j using old where j.kind = 'mail.send' and j.payload ->> 'mailId' = old.id::text returning j.batch_id),
        gone as (delete from batches b using done where b.id = done.batch_id)
        select count(*) from old
        """,
        """
        with gone as (delete from account_links where ctid = any (array(
            select ctid from account_links where expires_at < clock_now() - interval '30 days' limit $1 for update skip locked)) returning 1)
        select count(*) from gone
        """,
        """
        with old as (select id from users where confirmed_at is null and created_at < clock_now() - interval '30 days' limit $1 for update skip locked),
        nobody as (delete from users u using old where u.id = old.id returning u.id),
        gone as (
            delete from workspaces w using workspace_members m, nobody
            where m.user_id = nobody.id and m.workspace_id = w.id
                and not exists (select from workspace_members o where o.workspace_id = w.id and o.user_id <> nobody.id)
                and not exists (select from campaigns c where c.workspace_id = w.id))
        select count(*) from nobody
        """,
    ];

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        foreach (var sql in Statements)
        {
            try
            {
                while (await database.Sql(sql, Portion).FirstAsync(row => row.GetInt64(0), cancellationToken) > 0) ;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                log.ForgettingFailed(failure);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await ForgetAsync(stoppingToken);
    }
}
