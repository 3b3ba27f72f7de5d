using System.Text.Json;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>The SQL of claiming.</summary>
internal static class ClaimSql
{
    // The batch is checked once more: it may have been paused or cancelled since the look.
    private const string ClaimJobsSql = """
        with picked as (
            select j.id
            from unnest($1::uuid[], $2::int[]) as share (batch_id, jobs)
            join batches b on b.id = share.batch_id and (b.paused_reason is null or $6)
            cross join (select clock_now() as at) now
            cross join lateral (
                select id from jobs
                where batch_id = share.batch_id and state = 'Queued' and run_after <= now.at
                order by run_after, seq limit share.jobs for update skip locked) j
        )
        update jobs j set state = 'Running', claim_token = $3, node_id = $4, lease_until = now.at + interval '60 seconds',
            on_trial = false, started_at = coalesce(started_at, now.at), reserved_usd = reserved_usd + $5
        from picked, (select clock_now() as at) now
        where j.id = picked.id
        returning j.id, j.batch_id, j.workspace_id, j.campaign_id, j.lead_id, j.attempts + 1, j.payload::text, j.checkpoint::text, j.deaths
        """;

    private const string ReserveSql = """
        with fitting as (
            select id, least($2, floor((budget_usd - cost_usd - cost_reserved_usd) / $3))::int as jobs, cost_reserved_usd
            from campaigns where id = $1 for no key update
        ), reserved as (
            update campaigns c set cost_reserved_usd = c.cost_reserved_usd + fitting.jobs * $3
            from fitting where c.id = fitting.id and fitting.jobs > 0
        )
        select greatest(jobs, 0), cost_reserved_usd > 0 from fitting
        """;

    private const string UnreserveSql = "update campaigns set cost_reserved_usd = greatest(0, cost_reserved_usd - $2) where id = $1";

    private const string ReturnTokensSql = """
        update limits set tat = tat - make_interval(secs => $2 * calls / per_second)
        from unnest($1::text[], $3::int[]) as asked (key, calls)
        where limits.key = asked.key and per_second is not null
        """;

    public static async Task<List<ClaimedJob>> ClaimAsync(
        NpgsqlConnection connection, IReadOnlyList<OpenBatch> batches, int[] shares, Guid nodeId, decimal reserve, bool probe, CancellationToken cancellationToken)
    {
        var token = Guid.CreateVersion7();
        var ids = new Guid[batches.Count];
        for (var i = 0; i < ids.Length; i++) ids[i] = batches[i].Id;
        await using var command = new NpgsqlCommand(ClaimJobsSql, connection)
        {
            Parameters =
            {
                new() { Value = ids }, new() { Value = shares }, new() { Value = token }, new() { Value = nodeId },
                new() { Value = reserve }, new() { Value = probe },
            },
        };
        var claimed = new List<ClaimedJob>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var batchId = row.GetGuid(1);
            var at = Array.IndexOf(ids, batchId);
            shares[at]--;
            claimed.Add(new(
                row.GetGuid(0), batchId, row.Maybe<Guid>(2) ?? Guid.Empty, row.Maybe<Guid>(3), row.IsDBNull(4) ? null : row.GetGuid(4), row.GetInt32(5), token,
                JsonOf(row, 6), batches[at].Parameters, JsonOf(row, 7)) { Deaths = row.GetInt32(8) });
        }

        for (var i = 0; i < shares.Length; i++)
            if (shares[i] > 0) batches[i].IsDry = true;
        return claimed;
    }

    /// <summary>Takes the cost of up to so many jobs from the campaign's budget.</summary>
    /// <returns>How many fit, and whether other jobs still hold some of it.</returns>
    public static async Task<(int Jobs, bool OthersHold)> ReserveAsync(
        NpgsqlConnection connection, Guid campaignId, int jobs, decimal costOfOne, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ReserveSql, connection)
        {
            Parameters = { new() { Value = campaignId }, new() { Value = jobs }, new() { Value = costOfOne } },
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (row.IsDBNull(0) ? jobs : row.GetInt32(0), row.GetBoolean(1))
            : (0, false);
    }

    public static async Task UnreserveAsync(NpgsqlConnection connection, Guid campaignId, decimal usd, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UnreserveSql, connection)
        {
            Parameters = { new() { Value = campaignId }, new() { Value = usd } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives tokens back that found no job.</summary>
    public static async Task ReturnTokensAsync(NpgsqlConnection connection, LimitAsk ask, int jobs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ReturnTokensSql, connection)
        {
            Parameters = { new() { Value = ask.Keys }, new() { Value = (double)jobs }, new() { Value = ask.Calls } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static JsonElement JsonOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? default : JsonElement.Parse(row.GetString(column));
}
