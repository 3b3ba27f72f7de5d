using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Jobs;

/// <summary>A job that a flush moved.</summary>
internal readonly record struct MovedJob(Guid Id, string State, Guid BatchId, bool BatchCompleted);

/// <summary>The SQL that ends attempts.</summary>
internal static class MoveSql
{
    // Batches before jobs, in the order of their ids: a cancel takes them in the same order.
    private const string LockSql = "select 1 from batches where id = any($1) order by id for no key update";

    private const string MoveJobsSql = """
        with moved as (
            update jobs j set
                state = case when ended.state = 'Queued' and b.state = 'Cancelled' and not $2 then 'Cancelled' else ended.state end,
                attempts = j.attempts + ended.spent,
                run_after = case when ended.state = 'Queued' then now.at + make_interval(secs => ended.seconds) else j.run_after end,
                failure_kind = ended.failure_kind, failure = ended.failure,
                claim_token = null, node_id = null, lease_until = null,
                reserved_until = case when j.reserved_usd > 0 then now.at + interval '500 milliseconds' end,
                ended_at = case when ended.state = 'Queued' and (b.state <> 'Cancelled' or $2) then null else now.at end
            from unnest($3::uuid[], $4::uuid[], $5::text[], $6::double precision[], $7::int[], $8::text[], $9::text[])
                as ended (id, token, state, seconds, spent, failure_kind, failure), batches b, (select clock_now() as at) now
            where j.id = ended.id and j.claim_token = ended.token and j.state = 'Running' and b.id = j.batch_id
            returning j.id, j.state, j.batch_id, j.failure
        ), counted as (
            select batch_id, count(*) filter (where state = 'Completed')::int as completed, count(*) filter (where state = 'Skipped')::int as skipped,
                count(*) filter (where state = 'Failed')::int as failed, count(*) filter (where state = 'Cancelled')::int as cancelled,
                count(*) filter (where state <> 'Queued')::int as ended, min(failure) filter (where state = 'Failed') as failure
            from moved group by batch_id
        ), raised as (
            update batches b set
                completed = b.completed + c.completed, skipped = b.skipped + c.skipped, failed = b.failed + c.failed, cancelled = b.cancelled + c.cancelled,
                failure = coalesce(b.failure, c.failure),
                is_open = b.completed + b.skipped + b.failed + b.cancelled + c.ended < b.total,
                state = case when b.state = 'Running' and b.completed + b.skipped + b.failed + b.cancelled + c.ended = b.total then 'Completed' else b.state end,
                completed_at = case when b.completed + b.skipped + b.failed + b.cancelled + c.ended = b.total then coalesce(b.completed_at, clock_now()) end
            from counted c where b.id = c.batch_id and c.ended > 0
            returning b.id, b.state = 'Completed' as done
        )
        select moved.id, moved.state, moved.batch_id, coalesce(raised.done, false)
        from moved left join raised on raised.id = moved.batch_id
        """;

    private const string CheckpointSql = """
        update jobs j set checkpoint = stored.checkpoint, attempts = 0
        from unnest($1::uuid[], $2::uuid[], $3::jsonb[]) as stored (id, token, checkpoint)
        where j.id = stored.id and j.claim_token = stored.token and j.state = 'Running'
        """;

    /// <summary>Moves the jobs whose claim still holds and raises the batches' counters by the number of rows that it moved.</summary>
    /// <param name="finishes">The kind goes on after a cancel.</param>
    /// <param name="actAs">Whose rows what comes next in the transaction sees, if not all.</param>
    public static async Task<List<MovedJob>> MoveAsync<TResult>(
        NpgsqlConnection connection, IReadOnlyList<AttemptEnd<TResult>> ends, bool finishes, NpgsqlBatchCommand? actAs, CancellationToken cancellationToken)
    {
        var (ids, tokens, states) = (new Guid[ends.Count], new Guid[ends.Count], new string[ends.Count]);
        var (seconds, spent) = (new double[ends.Count], new int[ends.Count]);
        var (kinds, failures) = (new string?[ends.Count], new string?[ends.Count]);
        var batches = new HashSet<Guid>();
        for (var i = 0; i < ends.Count; i++)
        {
            var (job, move) = (ends[i].Running.Job, ends[i].Move);
            batches.Add(job.BatchId);
            (ids[i], tokens[i], states[i]) = (job.Id, job.ClaimToken, move.State);
            (seconds[i], spent[i]) = (move.After.TotalSeconds, move.SpendsAttempt ? 1 : 0);
            (kinds[i], failures[i]) = (move.Failure?.Kind.ToString(), move.Failure?.Message);
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(LockSql) { Parameters = { new() { Value = batches.ToArray() } } },
                new(MoveJobsSql)
                {
                    Parameters =
                    {
                        new() { Value = batches.ToArray() }, new() { Value = finishes }, new() { Value = ids }, new() { Value = tokens },
                        new() { Value = states }, new() { Value = seconds }, new() { Value = spent }, new() { Value = kinds }, new() { Value = failures },
                    },
                },
            },
        };
        if (actAs is not null) batch.BatchCommands.Add(actAs);
        var moved = new List<MovedJob>(ends.Count);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            moved.Add(new(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetBoolean(3)));
        return moved;
    }

    public static async Task StoreCheckpointsAsync(NpgsqlConnection connection, IReadOnlyList<StoredCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CheckpointSql, connection)
        {
            Parameters =
            {
                new() { Value = checkpoints.Select(stored => stored.Running.Job.Id).ToArray() },
                new() { Value = checkpoints.Select(stored => stored.Running.Job.ClaimToken).ToArray() },
                new() { Value = checkpoints.Select(stored => stored.Value.GetRawText()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
