using LeadSens.Server.Data;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Rights;

/// <summary>Forgets what is old, once an hour, in small transactions that several nodes may do at once.</summary>
internal sealed class ForgetByAge(SystemDatabase database, EraseReceipts receipts, IOptions<RetentionOptions> options, TimeProvider time, ILogger<ForgetByAge> log) : BackgroundService
{
    private const int Portion = 500, Seals = 50;

    private static readonly (string Kind, Func<RetentionOptions, int> Days, string Sql)[] Statements =
    [
        ("webhook texts", keep => keep.WebhookBodyDays, """
            with gone as (update webhook_events set sealed_body = null, address_hash = null where ctid = any (array(
                select ctid from webhook_events where received_at < clock_now() - make_interval(days => $1) and state <> 'received' and sealed_body is not null limit $2 for update skip locked)) returning 1)
            select count(*) from gone
            """),
        ("webhooks", keep => keep.WebhookDays, Deletes("webhook_events", "received_at < clock_now() - make_interval(days => $1) and state <> 'received'")),
        ("outbox events", keep => keep.OutboxDays, Deletes("outbox_events", "status = 'sent' and sent_at < clock_now() - make_interval(days => $1)")),
        ("jobs", keep => keep.JobDays, Deletes("jobs", """
            batch_id in (select id from batches where not is_open and campaign_id is not null and completed_at < clock_now() - make_interval(days => $1))
            """)),
        ("batches", keep => keep.JobDays, CampaignBatchesSql),
        ("batches of no campaign", keep => keep.WorkspaceJobDays, WorkspaceBatchesSql),
        ("accounts without limits", keep => keep.JobDays, Deletes("limits", """
            per_second is null and concurrency is null and circuit_until is null and coalesce(blocked_until, tat) < clock_now() - make_interval(days => $1)
            """)),
        ("model calls", keep => keep.ModelCallDays, Deletes("ai_events", "at < clock_now() - make_interval(days => $1)")),
        ("sessions", keep => keep.AccountDays, Deletes("user_sessions", "coalesce(ended_at, expires_at) < clock_now() - make_interval(days => $1)")),
        ("invitations", keep => keep.AccountDays, Deletes("workspace_invitations", "expires_at < clock_now() - make_interval(days => $1)")),
        // As long as they hold, and no longer.
        ("idempotency keys", _ => 1, Deletes("idempotency_keys", "created_at < clock_now() - make_interval(days => $1)")),
        ("erasures", keep => keep.AccountDays, Deletes("erasures", "state = 'done' and done_at < clock_now() - make_interval(days => $1)")),
    ];

    /// <summary>All of a campaign at once; how long its stages took stays with it.</summary>
    private const string CampaignBatchesSql = """
        with ended as (
            select c.id from campaigns c where c.status in ('Completed', 'Cancelled') and c.finished_at < clock_now() - make_interval(days => $1)
                and exists (select from batches b where b.campaign_id = c.id) and not exists (select from batches b where b.campaign_id = c.id and b.is_open)
            limit $2 for update of c skip locked),
        gone as (delete from batches b using ended where b.campaign_id = ended.id returning b.id, b.campaign_id, b.kind, b.created_at, b.completed_at),
        done as (delete from jobs j using gone where j.batch_id = gone.id),
        spent as (
            select campaign_id, split_part(kind, '.', 2) as stage, extract(epoch from sum(coalesce(completed_at, created_at) - created_at))::float8 as seconds from gone group by 1, 2),
        kept as (
            update campaigns c set kept_seconds = c.kept_seconds || s.seconds from (select campaign_id, jsonb_object_agg(stage, seconds) as seconds from spent group by 1) s
            where c.id = s.campaign_id)
        select count(*) from gone
        """;

    /// <summary>Notices, renewals of tokens, stages of runs without a campaign. A mail's own goes with the mail.</summary>
    private const string WorkspaceBatchesSql = """
        with old as (
            select id from batches b where campaign_id is null and kind <> 'mail.send' and not is_open and completed_at < clock_now() - make_interval(days => $1)
                and not exists (select from batches r where r.retry_of = b.id) limit $2 for update skip locked),
        done as (delete from jobs j using old where j.batch_id = old.id),
        gone as (delete from batches b using old where b.id = old.id returning 1)
        select count(*) from gone
        """;

    /// <summary>Whose last lead was forgotten, or who never was one. Where a source says something of the workspace's people just now, the next round comes in an hour.</summary>
    private const string ContactsSql = """
        with old as (
            select c.workspace_id, c.id from contacts c where c.updated_at < clock_now() - make_interval(days => $1)
                and not exists (select from leads l where l.contact_id = c.id and l.erased_at is null) limit $2),
        gone as (
            delete from contacts c using old where c.workspace_id = old.workspace_id and c.id = old.id
                and pg_try_advisory_xact_lock(hashtextextended('contacts:' || c.workspace_id, 0)) returning 1)
        select count(*) from gone
        """;

    private const string LeadsSql = """
        select l.id, l.workspace_id from leads l join campaigns c on c.id = l.campaign_id
        where l.created_at < clock_now() - make_interval(days => $1) and l.updated_at < clock_now() - make_interval(days => $1) and l.erased_at is null
            and c.status in ('Completed', 'Cancelled') and c.finished_at < clock_now() - make_interval(days => $1) limit $2 for update of l skip locked
        """;

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        foreach (var (kind, days, sql) in Statements) await AllAsync(kind, () => database.Sql(sql, days(options.Value), Portion).FirstAsync(row => row.GetInt64(0), cancellationToken));
        await AllAsync("leads", () => EmptyAsync(cancellationToken));
        await AllAsync("contacts", () => database.Sql(ContactsSql, options.Value.LeadDays, Portion).FirstAsync(row => row.GetInt64(0), cancellationToken));
        await AllAsync("audit entries", () => database.Sql("select audit_forget(make_interval(days => $1), $2)::bigint", options.Value.AuditDays, Seals).FirstAsync(row => row.GetInt64(0), cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ForgetAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.ForgettingInterrupted(failure);
            }
        }
    }

    /// <summary>As if each had asked for it, but for the suppression list: they may be found again.</summary>
    private async Task<long> EmptyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var old = await connection.Sql(LeadsSql, options.Value.LeadDays, Portion).ListAsync(row => (Id: row.GetGuid(0), Workspace: row.GetGuid(1)), cancellationToken);
        foreach (var workspace in old.GroupBy(lead => lead.Workspace))
        {
            Guid[] leads = [.. workspace.Select(lead => lead.Id)];
            await ActAs.WorkspaceAsync(connection, workspace.Key, cancellationToken);
            await EraseRows.ExecuteAsync(connection, workspace.Key, leads, cancellationToken);
            await receipts.ExecuteAsync(connection, workspace.Key, leads, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return old.Count;
    }

    private async Task AllAsync(string kind, Func<Task<long>> forget)
    {
        long all = 0;
        try
        {
            while (await forget() is var some and > 0) all += some;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // What cannot be forgotten keeps nothing else from being.
            log.ForgettingInterrupted(failure);
        }

        if (all > 0) log.ForgottenByAge(all, kind);
    }

    private static string Deletes(string table, string condition) => $"""
        with gone as (delete from {table} where ctid = any (array(select ctid from {table} where {condition} limit $2 for update skip locked)) returning 1) select count(*) from gone
        """;
}
