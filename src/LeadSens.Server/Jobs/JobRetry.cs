using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>Failed jobs are tried again as a new batch; the old one, which has told its end, stays as it is. Of a cancelled campaign only those are that reconcile what they began.</summary>
internal static class JobRetry
{
    // Before the batch, as everywhere: a cancel that comes at the same time comes before or after.
    private const string CampaignSql = """
        select 1 from campaigns c join batches b on b.workspace_id = c.workspace_id and b.campaign_id = c.id where b.workspace_id = $1 and b.id = $2 for no key update of c
        """;

    private const string RetrySql = """
        with again as (
            select j.*, row_number() over (order by j.seq) as place from jobs j
            where j.workspace_id = $1 and j.batch_id = $2 and j.state = 'Failed' and ($3::uuid is null or j.id = $3)
                and (j.kind = any($5) or not exists (select from campaigns c where c.id = j.campaign_id and c.status = 'Cancelled'))
                and not exists (
                    select from batches b join jobs newer on newer.batch_id = b.id
                    where b.retry_of = $2 and newer.seq = j.seq and newer.lead_id is not distinct from j.lead_id)
        ), added as (
            insert into jobs (id, batch_id, seq, workspace_id, campaign_id, kind, lead_id, payload, checkpoint, state, run_after)
            select new_id(), $4, seq, workspace_id, campaign_id, kind, lead_id, payload, checkpoint, 'Queued', clock_now() from again
            returning 1
        )
        insert into batches (id, workspace_id, campaign_id, retry_of, kind, parameters, state, is_open, total, paused_reason, created_at)
        select $4, b.workspace_id, b.campaign_id, b.id, b.kind, b.parameters, 'Running', true, added.total,
            case when c.status = 'Paused' then 'user' end, clock_now()
        from batches b left join campaigns c on c.id = b.campaign_id, (select count(*)::int as total from added) added
        where b.id = $2 and added.total > 0
        """;

    /// <summary>Opens a new batch for a batch's failed jobs, or for one of them. Null when there is none that was not retried already.</summary>
    /// <param name="finishing">Kinds that go on after a cancel.</param>
    public static async Task<Guid?> RetryAsync(
        NpgsqlConnection connection, string[] finishing, Guid workspaceId, Guid batchId, Guid? jobId = null, CancellationToken cancellationToken = default)
    {
        var id = Guid.CreateVersion7();
        // Two people who retry at once take turns; the second finds nothing left.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(CampaignSql) { Parameters = { new() { Value = workspaceId }, new() { Value = batchId } } },
                new("select 1 from batches where id = $1 for no key update") { Parameters = { new() { Value = batchId } } },
                new(RetrySql)
                {
                    Parameters =
                    {
                        new() { Value = workspaceId }, new() { Value = batchId },
                        new() { Value = (object?)jobId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid }, new() { Value = id },
                        new() { Value = finishing },
                    },
                },
            },
        };
        return await batch.ExecuteNonQueryAsync(cancellationToken) > 0 ? id : null;
    }
}
