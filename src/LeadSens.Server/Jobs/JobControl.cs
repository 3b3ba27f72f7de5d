using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>Pause, resume and cancel of a campaign's jobs, in the caller's transaction (which locks the campaign first). Call
/// <see cref="Wake"/> after the commit.</summary>
internal sealed class JobControl(JobKinds kinds, JobSignal signal)
{
    private const string PauseSql = """
        update batches set paused_reason = 'user', paused_detail = null, paused_key = null, paused_until = null
        where workspace_id = $2 and campaign_id = $1 and is_open
        """;

    private const string ResumeSql = """
        update batches set paused_reason = null, paused_detail = null, paused_key = null, paused_until = null
        where workspace_id = $2 and campaign_id = $1 and is_open
        """;

    // Flushes lock the batch first as well: what they put back in the queue is seen by the statement after this one.
    private const string LockSql = "select 1 from batches where workspace_id = $2 and campaign_id = $1 and is_open order by id for no key update";

    private const string CancelSql = """
        with moved as (
            update jobs set state = 'Cancelled', ended_at = clock_now()
            where batch_id in (select id from batches where workspace_id = $2 and campaign_id = $1 and is_open) and state = 'Queued'
                and not (kind = any($3) and started_at is not null)
            returning batch_id
        )
        update batches b set state = 'Cancelled', cancelled = b.cancelled + ended.jobs,
            is_open = b.completed + b.skipped + b.failed + b.cancelled + ended.jobs < b.total,
            completed_at = clock_now(),
            paused_reason = null, paused_detail = null, paused_key = null, paused_until = null
        from (select open.id, (select count(*)::int from moved where batch_id = open.id) as jobs
            from batches open where open.workspace_id = $2 and open.campaign_id = $1 and open.is_open) ended
        where b.id = ended.id
        """;

    /// <summary>No more claims; results in flight are stored.</summary>
    public Task PauseAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken = default) =>
        ExecuteAsync(connection, PauseSql, workspaceId, campaignId, cancellationToken);

    /// <summary>Claims go on, whatever the reason of the pause was; a provider that is still down, or a budget that is still used up, pauses them again.</summary>
    public Task ResumeAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken = default) =>
        ExecuteAsync(connection, ResumeSql, workspaceId, campaignId, cancellationToken);

    /// <summary>Queued jobs end as Cancelled. Jobs in flight end as they end; nobody is told of the batches' completion. Jobs that
    /// have begun something outside (<see cref="JobHandler{TInput,TResult}.FinishesAfterCancel"/>) go on until it is reconciled.</summary>
    public async Task CancelAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken = default)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(LockSql) { Parameters = { new() { Value = campaignId }, new() { Value = workspaceId } } },
                new(CancelSql) { Parameters = { new() { Value = campaignId }, new() { Value = workspaceId }, new() { Value = kinds.Finishing } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>After the commit.</summary>
    public void Wake() => signal.Wake();

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = campaignId }, new() { Value = workspaceId } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
