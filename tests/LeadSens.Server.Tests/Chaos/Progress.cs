extern alias Demo;

using Demo::LeadSens.Demo;
using Npgsql;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>Looks into the database from outside, as nobody in the product does, to find the moment to kill.</summary>
internal static class Progress
{
    private const string Sql = """
        select count(*) > 0, coalesce(avg((j.state in ('Completed', 'Skipped', 'Failed', 'Cancelled'))::int), 0)::float8
        from batches b left join jobs j on j.batch_id = b.id where b.kind = $1
        """;

    /// <summary>True once the stage has begun and this share of it is done. Kills before the push find the approval open; what follows
    /// needs it decided.</summary>
    public static async Task<bool> ReachedAsync(string database, ApiClient api, Guid campaign, KillPoint point)
    {
        if (point.Stage is "campaign.push" or "campaign.activate" or "crm.sync") await ApproveAsync(api, campaign);
        return await IsThereAsync(database, point);
    }

    public static async Task<bool> EndedAsync(ApiClient api, Guid campaign)
    {
        await ApproveAsync(api, campaign);
        return (await api.GetCampaignAsync(campaign, CancellationToken.None)).Ended;
    }

    private static async Task ApproveAsync(ApiClient api, Guid campaign)
    {
        if (await api.PendingApprovalAsync(campaign, CancellationToken.None) is { } approval)
            await api.ApproveAsync(approval, CancellationToken.None);
    }

    private static async Task<bool> IsThereAsync(string database, KillPoint point)
    {
        try
        {
            await using var connection = new NpgsqlConnection(database + ";Pooling=false;Timeout=2;Command Timeout=2");
            await connection.OpenAsync();
            if (point.Stage == "approval") return await IsTrueAsync(connection, "select exists (select from approvals)");
            await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = point.Stage } } };
            await using var row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            return row.GetBoolean(0) && row.GetDouble(1) >= point.Done;
        }
        catch (NpgsqlException)
        {
            // PostgreSQL recovers from the kill before.
            return false;
        }
    }

    /// <summary>Where everything stands, for whoever asks why it stands still.</summary>
    public static async Task<string> TellAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            select concat_ws(E'\n',
                (select string_agg(to_jsonb(c)::text, E'\n') from (select status, cost_usd, started_at from campaigns) c),
                (select string_agg(to_jsonb(b)::text, E'\n') from (select kind, state, paused_reason, is_open, total, completed from batches) b),
                (select string_agg(to_jsonb(j)::text, E'\n') from (
                    select kind, state, attempts, deaths, failure, run_after, lease_until, checkpoint, clock_now() as now from jobs where state in ('Queued', 'Running') limit 20) j),
                (select string_agg(to_jsonb(i)::text, E'\n') from (select kind, state, reason, look_up_after from intents limit 20) i),
                (select string_agg(to_jsonb(w)::text, E'\n') from (select status, sub_status, incident_count, lease_until from workflow_instances) w))
            """, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<string> SettingAsync(string database, string name)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"show {name}", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
