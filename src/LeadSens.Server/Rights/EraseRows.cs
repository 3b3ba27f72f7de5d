using LeadSens.Server.Approvals;
using LeadSens.Server.Data;
using LeadSens.Server.Leads;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Rights;

/// <summary>Empties the rows that are the person's own, in the caller's transaction. Doing it again changes nothing. What proves something (an approved
/// text's hash, an intent, a receipt) stays, without saying who it was about.</summary>
internal static class EraseRows
{
    /// <summary>Whoever is meant by a lead or by addresses, with all leads of that person.</summary>
    private const string FindSql = $"""
        with {PersonRows.OfLeadOrAddresses}
        select id, campaign_id, status, email, email_key, first_name, last_name, linkedin_url from leads
        where workspace_id = $1 and erased_at is null and id in (select id from mine) order by id
        """;

    private static readonly string[] ByLead =
    [
        $"""
        update leads set source_id = 'erased:' || id, email = null, email_key = null, first_name = null, last_name = null, job_title = null, company_name = null, website = null,
            industry = null, company_size = null, country = null, city = null, linkedin_url = null, source_verification = null, score_breakdown = null, score_reason = null,
            changes_requested = null, failure = null, failed_from = null, exclusion_reason = 'The person was erased.',
            {LeadMoves.Erase.SetWhere(LeadMoves.Erase.Takes("leads"))}, erased_at = coalesce(erased_at, clock_now()), updated_at = clock_now()
        where workspace_id = $1 and id = any($2)
        """,
        "delete from drafts where workspace_id = $1 and lead_id = any($2)",
        "delete from style_samples where workspace_id = $1 and lead_id = any($2)",
        "update approval_leads al set comment = null from approvals a where a.id = al.approval_id and a.workspace_id = $1 and al.lead_id = any($2) and al.comment is not null",
        "update approval_choices set comment = null where workspace_id = $1 and lead_id = any($2) and comment is not null",
        """
        update jobs set payload = null, checkpoint = null, failure = case when failure is not null then 'The person was erased.' end
        where workspace_id = $1 and lead_id = any($2) and state not in ('Queued', 'Running')
            and batch_id in (select b.id from batches b join leads l on l.campaign_id = b.campaign_id where l.id = any($2))
        """,
        """
        update intents set state = case when state = 'planned' then 'refused' else state end, subject = campaign_id || '/erased/' || id, request = null,
            reason = case when state in ('planned', 'refused') then 'The person was erased.' end, updated_at = clock_now()
        where workspace_id = $1 and lead_id = any($2) and kind = 'lead.add' and state not in ('sending', 'sent')
        """,
        "update webhook_events set sealed_body = null, address_hash = null where workspace_id = $1 and lead_id = any($2)",
    ];

    public static Task<List<LeadToErase>> FindAsync(NpgsqlConnection connection, Guid workspaceId, Guid? leadId, IEnumerable<string> keys, CancellationToken cancellationToken) =>
        connection.Sql(FindSql, workspaceId, leadId, keys.ToArray()).ListAsync(row => new LeadToErase(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Text(7)), cancellationToken);

    private const string LockSql = """
        select c.id from campaigns c where c.workspace_id = $1 and exists (
            select from approvals a join approval_leads al on al.approval_id = a.id where a.campaign_id = c.id and a.status = 'pending' and al.lead_id = any($2))
        order by c.id for no key update of c
        """;

    /// <summary>Campaigns, approvals, leads: as a decision locks them.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, Guid workspaceId, Guid[] leads, CancellationToken cancellationToken)
    {
        await connection.Sql(LockSql, workspaceId, leads).RunAsync(cancellationToken);
        foreach (var approval in await TakeOutOfReviewAsync(connection, leads, cancellationToken)) await EditDrafts.TakenOutAsync(connection, approval, cancellationToken);
        foreach (var sql in ByLead) await connection.Sql(sql, workspaceId, leads).RunAsync(cancellationToken);
        await IdempotencyKeys.ForgetAnswersAsync(connection, workspaceId, cancellationToken);
    }

    /// <summary>The pending approvals that held one of them. What was decided keeps its hashes.</summary>
    private static Task<List<Guid>> TakeOutOfReviewAsync(NpgsqlConnection connection, Guid[] leads, CancellationToken cancellationToken) => connection.Sql("""
        with pending as (
            select a.id from approvals a where a.status = 'pending' and a.id in (select approval_id from approval_leads where lead_id = any($1)) order by a.id for no key update)
        delete from approval_leads al using pending where al.approval_id = pending.id and al.lead_id = any($1) returning al.approval_id
        """, leads).ListAsync(row => row.GetGuid(0), cancellationToken);
}
