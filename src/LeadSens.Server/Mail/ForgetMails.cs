using LeadSens.Server.Data;

namespace LeadSens.Server.Mail;

/// <summary>Forgets, once an hour, mails and their jobs after 30 days, links that opened nothing for as long, and accounts that nobody confirmed in that time.</summary>
internal sealed class ForgetMails(SystemDatabase database, TimeProvider time, ILogger<ForgetMails> log) : BackgroundService
{
    private static readonly string[] Statements =
    [
        """
        with old as (delete from mails where created_at < clock_now() - interval '30 days' returning id),
        gone as (delete from jobs j using old where j.kind = 'mail.send' and j.payload ->> 'mailId' = old.id::text returning j.batch_id)
        delete from batches b using gone where b.id = gone.batch_id
        """,
        "delete from account_links where expires_at < clock_now() - interval '30 days'",
        """
        with nobody as (delete from users where confirmed_at is null and created_at < clock_now() - interval '30 days' returning id)
        delete from workspaces w using workspace_members m, nobody
        where m.user_id = nobody.id and m.workspace_id = w.id
            and not exists (select from workspace_members o where o.workspace_id = w.id and o.user_id <> nobody.id)
            and not exists (select from campaigns c where c.workspace_id = w.id)
        """,
    ];

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        foreach (var sql in Statements)
        {
            try
            {
                await database.Sql(sql).RunAsync(cancellationToken);
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
