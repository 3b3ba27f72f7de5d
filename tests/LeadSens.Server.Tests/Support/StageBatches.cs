using System.Text.Json.Nodes;
using LeadSens.Activities;
using LeadSens.Server.Jobs;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Support;

/// <summary>Batches of the app's real stages, opened as their boxes open them and brought to their end without waiting for due times.</summary>
internal static class StageBatches
{
    /// <summary>The database's clock jumps to the time at which the batch's next job is due or, where one is due already or one that runs waits for it, to the time at
    /// which an account is free again. The leases of what runs go with it.</summary>
    private const string TravelSql = """
        with blocked as (select min(blocked_until) as until from limits where blocked_until > clock_now()),
        next as (
            select case when bool_and(j.state = 'Queued') and min(j.run_after) > clock_now() then greatest(min(j.run_after), clock_now()) else (select until from blocked) end
                - clock_now() + interval '10 milliseconds' as wait
            from jobs j join batches b on b.id = j.batch_id where j.batch_id = $1 and j.state in ('Queued', 'Running') and b.paused_reason is null),
        moved as (update clock_shift set shift = shift + next.wait from next where next.wait > '10 milliseconds' returning next.wait),
        leases as (update jobs set lease_until = lease_until + moved.wait from moved where state = 'Running'),
        slots as (update limit_slots set lease_until = lease_until + moved.wait from moved)
        select count(*) from moved
        """;

    private const string StateSql = """
        select jsonb_pretty(jsonb_build_object('now', clock_now(), 'batch', (select to_jsonb(b) from batches b where b.id = $1),
            'jobs', (select jsonb_agg(to_jsonb(j)) from jobs j where j.batch_id = $1), 'limits', (select jsonb_agg(to_jsonb(l)) from limits l),
            'elsewhere', (select jsonb_agg(jsonb_build_object('kind', o.kind, 'state', o.state, 'open', o.is_open)) from batches o where o.is_open and o.id <> $1)))
        """;

    public static async Task<Guid> OpenBatchAsync(this TestApp app, Guid workspaceId, Guid campaignId, Guid instanceId, string kind)
    {
        var stage = app.Services.GetRequiredService<IStages>().Open(new(kind, workspaceId, new(workspaceId, campaignId), instanceId, []));
        await using (var connection = await app.Database.DataSource.OpenConnectionAsync(CancellationToken.None))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await ((SqlWrite)stage.Write).ExecuteAsync(connection, CancellationToken.None);
            await transaction.CommitAsync();
        }
        stage.Write.Committed();
        return stage.BatchId;
    }

    public static Task<Guid> OpenBatchAsync(this TestApp app, ReviewedCampaign campaign, string kind) =>
        app.OpenBatchAsync(campaign.WorkspaceId, campaign.Id, campaign.InstanceId, kind);

    /// <summary>Waits for the batch's last job and answers its counts: total, completed, skipped, failed, cancelled.</summary>
    /// <param name="patience">Attempts that a job has spent as soon as it has spent one.</param>
    public static async Task<string> EndBatchAsync(this TestApp app, Guid batch, int? patience = null)
    {
        try
        {
            await Eventually.Be(async () =>
            {
                if (patience is { } most) await app.Database.ExecuteAsync("update jobs set attempts = $2 where batch_id = $1 and state = 'Queued' and attempts between 1 and $2 - 1", batch, most);
                await app.TravelAsync(batch);
                return await app.Database.ScalarAsync<bool>("select not is_open from batches where id = $1", batch);
            }, TimeSpan.FromSeconds(40));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The batch did not end: {await app.Database.ScalarAsync<string>(StateSql, batch)}", late);
        }

        return (await app.CountsAsync(batch))!;
    }

    private static async Task TravelAsync(this TestApp app, Guid batch)
    {
        if (await app.Database.ScalarAsync<long>(TravelSql, batch) > 0) app.Services.GetRequiredService<JobSignal>().Wake();
    }

    public static Task<string?> CountsAsync(this TestApp app, Guid batch) =>
        app.Database.ScalarAsync<string>("select concat_ws(' ', total, completed, skipped, failed, cancelled) from batches where id = $1", batch);

    public static async Task<JsonNode> ResultAsync(this TestApp app, Guid batch) =>
        JsonNode.Parse((await app.Database.ScalarAsync<string>("select result::text from batches where id = $1", batch))!)!;

    /// <summary>What a person's click on resume does to the campaign's jobs.</summary>
    public static async Task ResumeJobsAsync(this TestApp app, Guid campaignId)
    {
        var control = app.Services.GetRequiredService<JobControl>();
        await using var connection = await app.Database.DataSource.OpenConnectionAsync(CancellationToken.None);
        await control.ResumeAsync(connection, await app.Database.ScalarAsync<Guid>("select workspace_id from campaigns where id = $1", campaignId), campaignId);
        control.Wake();
    }
}
