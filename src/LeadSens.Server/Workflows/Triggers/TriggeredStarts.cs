using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Turns decided starts into instances. A start is taken, written and crossed off in one transaction, so it becomes one instance whichever
/// node dies; any node then runs it.</summary>
internal sealed class TriggeredStarts(SystemDatabase database, WorkflowRunner runner, IOptions<WorkflowOptions> options, ILogger<TriggeredStarts> log)
{
    private const int Portion = 500;
    private const string BeforeOne = "before_one";

    /// <summary>Of each workspace its part, and of none more than fits into its queue: the rest waits here.</summary>
    private const string TakeSql = """
        with recursive waiting as (
            (select s.workspace_id as w from workflow_starts s where s.refused is null order by s.workspace_id limit 1)
            union all
            select (select s.workspace_id from workflow_starts s where s.refused is null and s.workspace_id > q.w order by s.workspace_id limit 1) from waiting q where q.w is not null),
        shares as (
            select w, least(($1 - 1) / count(*) over () + 1,
                $2 - (select count(*) from (select from workflow_instances i where i.workspace_id = w and i.runnable limit $2) queued)) as most
            from waiting where w is not null)
        select t.* from shares cross join lateral (
            select id, workspace_id, version_id, activity_id, correlation_id, payload, trigger_id, stimulus_id is null from workflow_starts s
            where s.workspace_id = shares.w and s.refused is null order by id limit greatest(0, shares.most) for update skip locked) t
        """;

    /// <summary>Of the refusals of a schedule, which may come every second, the last one is kept.</summary>
    private const string RefuseSql = """
        with earlier as (delete from workflow_starts s using unnest($1, $3, $4) r (id, trigger_id, timed) where r.timed and s.trigger_id = r.trigger_id and s.stimulus_id is null and s.refused is not null)
        update workflow_starts s set refused = r.reason from unnest($1, $2) r (id, reason) where s.id = r.id
        """;

    /// <summary>Takes a portion; answers how many starts that were. Where one of them cannot be stored, each is written by itself, so that it alone is refused.</summary>
    public async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(apart: false, cancellationToken);
        }
        catch (PostgresException error) when (error.IsOfItsContent())
        {
            return await TakeAsync(apart: true, cancellationToken);
        }
    }

    private async Task<int> TakeAsync(bool apart, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var taken = await connection.ListAsync(TakeSql, Start.Read, cancellationToken, Portion, options.Value.QueuedRuns);
        if (taken.Count == 0) return 0;
        var (ready, refused) = (new List<NewInstance>(), new List<(Start Start, string Reason)>());
        foreach (var start in taken)
        {
            var prepared = await PrepareAsync(start, cancellationToken);
            if (prepared.Instance is { } instance) ready.Add(instance);
            else refused.Add((start, string.Join(" ", prepared.Errors.Select(error => error.Message))));
        }
        var unwritten = apart ? await InsertApartAsync(transaction, ready, cancellationToken)
            : Excluded(await NewInstances.InsertAsync(connection, ready, cancellationToken)).ToDictionary();
        refused.AddRange(taken.Where(start => unwritten.ContainsKey(start.Request.InstanceId)).Select(start => (start, unwritten[start.Request.InstanceId])));
        await connection.ExecuteAsync("delete from workflow_starts where id = any($1)", cancellationToken, ready.Select(instance => instance.Id).Where(id => !unwritten.ContainsKey(id)).ToArray());
        await RefuseAsync(connection, refused, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var (start, reason) in refused) log.StartRefused(start.Request.DefinitionVersionId, start.Request.InstanceId, reason);
        return taken.Count;
    }

    /// <summary>Why there are runs that were not written, by their ids.</summary>
    private static async Task<Dictionary<Guid, string>> InsertApartAsync(NpgsqlTransaction transaction, List<NewInstance> ready, CancellationToken cancellationToken)
    {
        var unwritten = new Dictionary<Guid, string>();
        foreach (var instance in ready)
        {
            await transaction.SaveAsync(BeforeOne, cancellationToken);
            try
            {
                foreach (var (id, reason) in Excluded(await NewInstances.InsertAsync(transaction.Connection!, [instance], cancellationToken))) unwritten[id] = reason;
            }
            catch (PostgresException error) when (error.IsOfItsContent())
            {
                await transaction.RollbackAsync(BeforeOne, cancellationToken);
                unwritten[instance.Id] = $"The run cannot be stored: {error.MessageText}.";
            }
        }

        return unwritten;
    }

    private static IEnumerable<KeyValuePair<Guid, string>> Excluded(IEnumerable<NewInstance> instances) =>
        instances.Where(instance => instance.Activation is not null).Select(instance => KeyValuePair.Create(instance.Id, instance.Activation!.Reason));

    /// <summary>One that cannot even be tried must not keep the others waiting.</summary>
    private async Task<PreparedStart> PrepareAsync(Start start, CancellationToken cancellationToken)
    {
        try
        {
            return await runner.PrepareAsync(start.Request with { TriggerPayload = start.Payload is { } payload ? JsonNode.Parse(payload) : null }, cancellationToken);
        }
        catch (Exception error) when (error is not (OperationCanceledException or NpgsqlException))
        {
            log.StartBroke(start.Request.InstanceId, error);
            return new(null, [new DefinitionError(start.Request.TriggerActivityId, "", $"The start broke: {error.Message}")]);
        }
    }

    private static async Task RefuseAsync(NpgsqlConnection connection, List<(Start Start, string Reason)> refused, CancellationToken cancellationToken)
    {
        if (refused.Count == 0) return;
        await using var command = new NpgsqlCommand(RefuseSql, connection);
        await command.AddArray([.. refused.Select(one => one.Start.Request.InstanceId)], NpgsqlDbType.Uuid).AddArray([.. refused.Select(one => one.Reason)], NpgsqlDbType.Text)
            .AddArray([.. refused.Select(one => one.Start.TriggerId)], NpgsqlDbType.Uuid).AddArray([.. refused.Select(one => one.Start.IsTimed)], NpgsqlDbType.Boolean)
            .ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Start(StartRequest Request, string? Payload, Guid TriggerId, bool IsTimed)
    {
        public static Start Read(NpgsqlDataReader row) => new(
            new StartRequest(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.Text(4)) { TriggerActivityId = row.GetString(3) }, row.Text(5), row.GetGuid(6), row.GetBoolean(7));
    }
}
