using LeadSens.Activities;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Workflows;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Jobs;

/// <summary>Opens the batch of jobs behind a stage box, in the transaction of the box's burst.</summary>
internal sealed class Stages(JobKinds kinds, JobSignal jobs, WorkflowSignal workflows) : IStages
{
    /// <summary>The batch of a paused campaign is born paused, that of a cancelled one without jobs.</summary>
    private const string CreateSql = """
        with picked as (
            select selected.lead_id::uuid, selected.payload::jsonb, row_number() over () as seq from (
        {0}
            ) as selected
            where not exists (select from campaigns where workspace_id = @workspace and id = @campaign and status = 'Cancelled')
        ), added as (
            insert into jobs (id, batch_id, seq, workspace_id, campaign_id, kind, lead_id, payload, state, run_after)
            select new_id(), @batch, seq, @workspace, @campaign, @kind, lead_id, payload, 'Queued', now.at
            from picked, (select clock_now() as at) now
            on conflict (batch_id, lead_id) do nothing
            returning 1
        ), counted as (select count(*)::int as total from added)
        insert into batches (id, workspace_id, campaign_id, instance_id, kind, parameters, state, is_open, total, paused_reason, created_at, completed_at)
        select @batch, @workspace, @campaign, @instance, @kind, @parameters,
            case total when 0 then 'Completed' else 'Running' end, total > 0, total,
            case when exists (select from campaigns where workspace_id = @workspace and id = @campaign and status = 'Paused') then 'user' end,
            now.at, case total when 0 then now.at end
        from counted, (select clock_now() as at) now
        returning total
        """;

    private readonly Dictionary<string, string> createSql = new(StringComparer.Ordinal);

    public Stage Open(StageRequest request)
    {
        var kind = kinds[request.Kind];
        if (kind.SelectSql is null) throw new ArgumentException($"No stage opens jobs of the kind '{request.Kind}'.", nameof(request));
        var batchId = Guid.CreateVersion7();
        return new(batchId, BatchKey.Of(batchId), new SqlWrite(
            (connection, cancellationToken) => CreateAsync(connection, kind, request, batchId, cancellationToken),
            () => Wake(kind))
        {
            LockFirst = (connection, cancellationToken) => request.Campaign is { } campaign
                ? CampaignLock.TakeAsync(connection, campaign.WorkspaceId, campaign.Id, cancellationToken)
                : Task.CompletedTask,
        });
    }

    private void Wake(IJobKind kind)
    {
        jobs.Wake(kind.Kind);
        workflows.Wake();
    }

    private async Task CreateAsync(NpgsqlConnection connection, IJobKind kind, StageRequest request, Guid batchId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql(kind), connection);
        command.Parameters.Add(new("batch", batchId));
        command.Parameters.Add(new("workspace", request.WorkspaceId));
        command.Parameters.Add(new("campaign", NpgsqlDbType.Uuid) { Value = (object?)request.Campaign?.Id ?? DBNull.Value });
        command.Parameters.Add(new("instance", request.InstanceId));
        command.Parameters.Add(new("kind", request.Kind));
        command.Parameters.Add(new("parameters", NpgsqlDbType.Jsonb) { Value = request.Parameters.ToJsonString() });
        var total = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (total == 0) await BatchEnd.TellAsync(connection, batchId, new StageCounts(0, 0, 0, 0, 0, null, null), cancellationToken);
    }

    private string Sql(IJobKind kind)
    {
        lock (createSql)
        {
            if (!createSql.TryGetValue(kind.Kind, out var sql))
                createSql[kind.Kind] = sql = CreateSql.Replace("{0}", kind.SelectSql, StringComparison.Ordinal);
            return sql;
        }
    }
}
