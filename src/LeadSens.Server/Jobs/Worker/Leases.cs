using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>Jobs whose worker is gone come back; those of this node keep their lease.</summary>
internal static class Leases
{
    private const string ReclaimSql = """
        with lost as (
            select id, node_id = any($1) and (deaths = 0 or on_trial) as died from jobs where state = 'Running' and (node_id = any($1) or lease_until < (select clock_now()))
            for update skip locked
        )
        update jobs set state = 'Queued', run_after = now.at, claim_token = null, node_id = null, lease_until = null,
            deaths = deaths + lost.died::int, reserved_until = case when reserved_usd > 0 then now.at + interval '500 milliseconds' end
        from lost, (select clock_now() as at) now where jobs.id = lost.id
        """;

    private const string DropSlotsSql = "delete from limit_slots where node_id = any($1) or lease_until < clock_now()";

    private const string RenewSql = """
        update jobs j set lease_until = now.at + interval '60 seconds'
        from unnest($1::uuid[], $2::uuid[]) as mine (id, token), (select clock_now() as at) now
        where j.id = mine.id and j.claim_token = mine.token and j.state = 'Running'
        """;

    private const string ReleaseDueSql = "select distinct campaign_id from jobs where reserved_usd > 0 and state <> 'Running' and reserved_until < clock_now()";

    private const string ReleaseSql = """
        with ended as (
            select id, reserved_usd from jobs
            where campaign_id = $1 and reserved_usd > 0 and state <> 'Running' and reserved_until < (select clock_now())
            for update skip locked
        ), cleared as (
            update jobs j set reserved_usd = 0 from ended where j.id = ended.id
        )
        update campaigns set cost_reserved_usd = greatest(0, cost_reserved_usd - (select coalesce(sum(reserved_usd), 0) from ended)) where id = $1
        """;

    private const string TrySql = "update jobs set on_trial = true where id = $1 and claim_token = $2 and state = 'Running'";

    /// <summary>Notes that a job with which a node died runs now, alone of its kind. False when its claim was lost.</summary>
    public static async Task<bool> TryAsync(SystemDatabase database, ClaimedJob job, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(TrySql);
        command.Parameters.Add(new() { Value = job.Id });
        command.Parameters.Add(new() { Value = job.ClaimToken });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private const string LeaveSql = """
        update jobs set state = 'Queued', run_after = clock_now(), claim_token = null, node_id = null, lease_until = null,
            reserved_until = case when reserved_usd > 0 then clock_now() + interval '500 milliseconds' end
        where state = 'Running' and node_id = $1
        """;

    /// <summary>When all jobs here have ended and their ends are written: what this node is said to run was claimed by an answer that came too late, and no death is to blame.</summary>
    public static async Task LeaveAsync(NpgsqlConnection connection, Guid nodeId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(LeaveSql, connection) { Parameters = { new() { Value = nodeId } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>How many jobs came back.</returns>
    public static async Task<int> ReclaimAsync(NpgsqlConnection connection, Guid[] deadNodes, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(DropSlotsSql) { Parameters = { new() { Value = deadNodes } } },
                new(ReclaimSql) { Parameters = { new() { Value = deadNodes } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)batch.BatchCommands[1].RecordsAffected;
    }

    public static async Task RenewAsync(NpgsqlConnection connection, List<RunningJob> running, CancellationToken cancellationToken)
    {
        var (ids, tokens) = (new Guid[running.Count], new Guid[running.Count]);
        for (var i = 0; i < running.Count; i++) (ids[i], tokens[i]) = (running[i].Job.Id, running[i].Job.ClaimToken);
        await using var command = new NpgsqlCommand(RenewSql, connection) { Parameters = { new() { Value = ids }, new() { Value = tokens } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Campaigns whose ended jobs have something reserved, and whose model calls are counted.</summary>
    public static async Task<List<Guid>> BudgetsDueAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var campaigns = new List<Guid>();
        await using var due = new NpgsqlCommand(ReleaseDueSql, connection);
        await using var row = await due.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) campaigns.Add(row.GetGuid(0));
        return campaigns;
    }

    /// <summary>Gives back what ended jobs had reserved of their campaign's budget.</summary>
    public static async Task ReleaseBudgetAsync(NpgsqlConnection connection, Guid campaign, CancellationToken cancellationToken)
    {
        await using var release = new NpgsqlCommand(ReleaseSql, connection) { Parameters = { new() { Value = campaign } } };
        await release.ExecuteNonQueryAsync(cancellationToken);
    }
}
