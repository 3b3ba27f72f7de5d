using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Jobs;

/// <summary>Adds jobs that no stage opens: mails, messages to a channel. Each is written beside the change that asks for it, as the one job of a batch of its own.</summary>
internal static class JobQueue
{
    private const string AddSql = """
        with job as (
            insert into jobs (id, batch_id, seq, workspace_id, kind, payload, state, run_after)
            values ($1, $2, 1, $3, $4, $5, 'Queued', clock_now())
            on conflict do nothing returning 1)
        insert into batches (id, workspace_id, kind, parameters, state, is_open, total, created_at)
        select $2, $3, $4, '{}', 'Running', true, 1, clock_now() from job
        """;

    /// <summary>Adds a job in the caller's transaction, who wakes the workers after its commit: <see cref="JobSignal.Wake(string)"/>.</summary>
    /// <param name="kind">Of a registered handler without <see cref="JobHandler{TInput,TResult}.SelectSql"/>.</param>
    /// <param name="payload">What the handler finds as <see cref="ClaimedJob.Payload"/>. Ids: people's data and secrets have no place in it.</param>
    /// <param name="key">Names the occasion by ids: the same one is the same job of its kind and workspace, however often it is asked for, as long as that is kept. Null where it
    /// is asked for once.</param>
    /// <param name="workspaceId">Whose rows the job sees, and who sees when it fails; null for work of no workspace.</param>
    /// <returns>False where the occasion has its job already.</returns>
    public static async Task<bool> AddAsync(
        NpgsqlConnection connection, string kind, JsonObject payload, string? key, Guid? workspaceId, CancellationToken cancellationToken) =>
        await connection.Sql(AddSql,
            key is null ? Guid.CreateVersion7() : IdOf(kind, workspaceId, key), Guid.CreateVersion7(),
            new NpgsqlParameter { Value = (object?)workspaceId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, kind,
            new NpgsqlParameter { Value = payload.ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb }).RunAsync(cancellationToken) == 1;

    private static Guid IdOf(string kind, Guid? workspaceId, string key) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{workspaceId}:{key}")).AsSpan(0, 16));
}
