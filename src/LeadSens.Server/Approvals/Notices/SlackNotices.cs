using System.Security.Cryptography;
using System.Text;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Adds the job that tells a workspace's Slack channel, where it has one that works.</summary>
internal static class SlackNotices
{
    private const string InsertSql = """
        with channel as (select workspace_id from workspace_slack where workspace_id = $1 and broken_reason is null),
        job as (
            insert into jobs (id, batch_id, seq, workspace_id, kind, payload, state, run_after)
            select $2, $3, 1, workspace_id, $4, jsonb_build_object('approvalId', $5::uuid, 'occasion', $6::text), 'Queued', clock_now() from channel
            on conflict (id) do nothing returning workspace_id)
        insert into batches (id, workspace_id, kind, parameters, state, is_open, total, created_at)
        select $3, workspace_id, $4, '{}', 'Running', true, 1, clock_now() from job
        """;

    public static Task AddAsync(NpgsqlConnection connection, ApprovalFacts facts, string occasion, CancellationToken cancellationToken) =>
        connection.Sql(InsertSql, facts.WorkspaceId, JobIdOf(facts.ApprovalId, occasion), Guid.CreateVersion7(), NotifySlack.JobKind, facts.ApprovalId, occasion).RunAsync(cancellationToken);

    /// <summary>The same occasion is the same job.</summary>
    private static Guid JobIdOf(Guid approvalId, string occasion) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"slack:{approvalId}:{occasion}")).AsSpan(0, 16));
}
