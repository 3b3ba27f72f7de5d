using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>Sets leads aside that are suppressed or known. One workspace is checked by one transaction at a time: of two leads of the
/// same person exactly one stays. Who was skipped, rejected or failed elsewhere, or belongs to a cancelled campaign that never wrote to
/// him, does not stand in anybody's way.</summary>
internal static class Duplicates
{
    private const string LockSql = "select pg_advisory_xact_lock(hashtextextended('duplicates:' || $1, 0))";

    private static readonly string MarkSql = $"""
        with judged as materialized (
            select l.id, s.held is not null as suppressed,
                case when s.held is not null then 'On the suppression list: ' || s.held || '.'
                    when w.campaign_id = l.campaign_id then 'Already in this campaign.'
                    when w.id is not null then 'Already in the campaign "' || w.name || '".'
                    when c.email is not null then $6::text || ' already has this contact.' end as reason
            from leads l
            left join unnest($3::text[]) as c (email) on c.email = l.email_key
            cross join lateral (select {SuppressionSql.Holding("l.workspace_id", "l.email_key", "$4", "$5")} as held) s
            left join lateral (
                select o.id, o.campaign_id, oc.name
                from (
                    select s.id from leads s where s.contact_id = l.contact_id and {SqlText.Check("s.workspace_id = l.workspace_id")}
                    union all select s.id from leads s where s.workspace_id = l.workspace_id and s.email_key = l.email_key) same
                join leads o on o.id = same.id join campaigns oc on oc.id = o.campaign_id
                where o.id <> l.id
                  and o.status not in ('Duplicate', 'Suppressed', 'Skipped', 'Rejected', 'Failed')
                  and (o.id < l.id or o.status <> 'Sourced')
                  and (oc.status <> 'Cancelled' or o.status in ('Pushed', 'Synced', 'Replied', 'Bounced', 'Unsubscribed'))
                order by o.id limit 1) w on true
            where l.id = any($2) and {SqlText.Check("l.workspace_id = $1")} and {LeadMoves.SetAside.Takes("l")}),
        marked as (
            update leads l set {LeadMoves.SetAside.Set(LeadStatus.Duplicate, ("j.suppressed", LeadStatus.Suppressed))}, exclusion_reason = j.reason, updated_at = now()
            from judged j where l.id = j.id and j.reason is not null and {SqlText.Check(LeadMoves.SetAside.Takes("l"))}
            returning j.suppressed)
        select count(*) filter (where not suppressed), count(*) filter (where suppressed) from marked
        """;

    /// <summary>A check that succeeds takes back what an earlier one noted.</summary>
    private static readonly string NoteSql = $"""
        update leads set failure = $2::text where id = any($1) and {SqlText.Check("workspace_id = $3")} and status = 'Sourced' and failure is distinct from $2::text
        """;

    public static async Task SaveAsync(
        NpgsqlConnection connection, IReadOnlyList<EndedJob<KnownContacts>> ended, string crm, SuppressionKeys keys, CancellationToken cancellationToken)
    {
        foreach (var workspace in ended.GroupBy(job => job.Job.WorkspaceId).OrderBy(group => group.Key))
        {
            await connection.ExecuteAsync(LockSql, cancellationToken, workspace.Key.ToString());
            foreach (var batch in workspace.GroupBy(job => job.Job.BatchId)) await MarkAsync(
                connection, workspace.Key, batch.Key, [.. batch], crm, await keys.OfAsync(connection, workspace.Key, cancellationToken), cancellationToken);
        }
    }

    private static async Task MarkAsync(NpgsqlConnection connection, Guid workspaceId, Guid batchId, List<EndedJob<KnownContacts>> parts, string crm,
        SuppressionKey key, CancellationToken cancellationToken)
    {
        var known = parts.SelectMany(part => part.Result?.Emails ?? []).Distinct().ToArray();
        var (duplicates, suppressed) = await connection.FirstAsync(
            MarkSql, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, workspaceId,
            parts.SelectMany(part => DeduplicateHandler.LeadIds(part.Job)).ToArray(), known, key.Inner, key.Outer, crm);
        await BatchResult.AddAsync(connection, batchId, new JsonObject { ["duplicates"] = duplicates, ["suppressed"] = suppressed }, cancellationToken);
        foreach (var ended in parts.GroupBy(part => part.Failure?.Message))
            await connection.ExecuteAsync(NoteSql, cancellationToken,
                ended.SelectMany(part => DeduplicateHandler.LeadIds(part.Job)).ToArray(), ended.Key is { } reason ? $"Not checked against {crm}: {reason}"
                : null, workspaceId);
    }
}
