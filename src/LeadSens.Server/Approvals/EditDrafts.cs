using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Edits what is under review. The first text stays beside the edited one: the pairs are the style samples that later drafts
/// are written from. An edit changes the content hash, so whoever decides about the text before it gets approval_outdated.</summary>
internal sealed class EditDrafts(Database database)
{
    /// <summary>Edits and saves choices without deciding. Answers the new content hash.</summary>
    public async Task<(byte[]? ContentHash, DecisionResult.Refused? Refused)> SaveAsync(
        Guid approvalId, IReadOnlyList<LeadChoice> choices, Reviewer reviewer, CancellationToken cancellationToken) => Once.Took<byte[]>(out var before)
            ? (before, null) : await Transactions.AgainAsync(() => TrySaveAsync(approvalId, choices, reviewer, cancellationToken), cancellationToken);

    private async Task<(byte[]? ContentHash, DecisionResult.Refused? Refused)> TrySaveAsync(
        Guid approvalId, IReadOnlyList<LeadChoice> choices, Reviewer reviewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.Sql($"select true from approvals a where {ApprovalGuard.May} for no key update", ApprovalGuard.Values(approvalId, reviewer)).FirstAsync(row => true, cancellationToken))
            return (null, (DecisionResult.Refused)await ApprovalGuard.ExplainAsync(connection, approvalId, reviewer.WorkspaceId, reviewer.Seen, cancellationToken));
        if (!await ReviewChoices.SaveAsync(connection, approvalId, choices, reviewer, cancellationToken)) return (null, ApprovalGuard.LeadUnknown);
        if (await ApprovalGuard.IsFixedAsync(connection, approvalId, choices, cancellationToken)) return (null, ApprovalGuard.Fixed);
        await ApplyAsync(connection, approvalId, choices, cancellationToken);
        var hash = await HashAsync(connection, approvalId, cancellationToken);
        await AuditLog.AppendAsync(connection, new(reviewer.WorkspaceId, reviewer.By, "approval.edited", "approval", approvalId, new JsonObject { ["leads"] = choices.Count }), cancellationToken);
        await Once.CommitAsync(transaction, hash, cancellationToken);
        return (hash, null);
    }

    /// <summary>Writes the edited texts, their style samples and the hashes of the leads that they change.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, Guid approvalId, IReadOnlyList<LeadChoice> choices, CancellationToken cancellationToken)
    {
        var edits = choices.SelectMany(choice => (choice.Edits ?? []).Select(edit => (choice.LeadId, Edit: edit, SampleId: Guid.CreateVersion7()))).ToArray();
        if (edits.Length == 0) return;
        await connection.Sql("""
            with edit as (
                select e.*, d.subject as old_subject, d.body as old_body, d.workspace_id
                from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[]) as e (sample_id, lead_id, step, subject, body)
                join approval_leads al on al.approval_id = $1 and al.lead_id = e.lead_id
                join drafts d on d.lead_id = e.lead_id and d.step = e.step
                where d.subject <> coalesce(e.subject, d.subject) or d.body <> coalesce(e.body, d.body)),
            samples as (
                insert into style_samples (id, workspace_id, lead_id, step, original, edited, created_at)
                select sample_id, workspace_id, lead_id, step, old_subject || E'\n\n' || old_body,
                       coalesce(subject, old_subject) || E'\n\n' || coalesce(body, old_body), clock_now() from edit)
            update drafts d set subject = coalesce(e.subject, d.subject), body = coalesce(e.body, d.body),
                original_subject = coalesce(d.original_subject, d.subject), original_body = coalesce(d.original_body, d.body)
            from edit e where d.lead_id = e.lead_id and d.step = e.step
            """, approvalId, edits.Select(edit => edit.SampleId).ToArray(), edits.Select(edit => edit.LeadId).ToArray(), edits.Select(edit => edit.Edit.Step).ToArray(),
            edits.Select(edit => edit.Edit.Subject).ToArray(), edits.Select(edit => edit.Edit.Body).ToArray()).RunAsync(cancellationToken);
        await RehashLeadsAsync(connection, approvalId, edits.Select(edit => edit.LeadId).Distinct().ToArray(), cancellationToken);
    }

    /// <summary>A pending approval that lost a lead shows, and asks to sign, the others; without any it is over and the run goes on.</summary>
    public static async Task TakenOutAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken)
    {
        var (workspaceId, left) = await connection.Sql("""
            update approvals set lead_count = (select count(*) from approval_leads where approval_id = $1) where id = $1 and status = 'pending' returning workspace_id, lead_count
            """, approvalId).FirstAsync(row => (row.GetGuid(0), (int?)row.GetInt32(1)), cancellationToken);
        if (left == 0) await CloseApproval.EmptyAsync(connection, workspaceId, approvalId, cancellationToken);
        else if (left > 0) await HashAsync(connection, approvalId, cancellationToken);
    }

    /// <summary>Makes a pending approval hold what the texts are now.</summary>
    public static async Task RehashAsync(Database database, Guid workspaceId, Guid approvalId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.Sql("select true from approvals where workspace_id = $2 and id = $1 and status = 'pending' for no key update", approvalId, workspaceId).FirstAsync(row => true, cancellationToken)) return;
        await RehashLeadsAsync(connection, approvalId, null, cancellationToken);
        await HashAsync(connection, approvalId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static Task<int> RehashLeadsAsync(NpgsqlConnection connection, Guid approvalId, Guid[]? leadIds, CancellationToken cancellationToken) =>
        connection.Sql($"""
            update approval_leads al set content_hash = {ContentHash.OfLead("l")} from leads l
            where al.approval_id = $1 and l.id = al.lead_id and ($2::uuid[] is null or al.lead_id = any($2))
            """, approvalId, leadIds).RunAsync(cancellationToken);

    private static async Task<byte[]?> HashAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) =>
        await connection.Sql($"""
            update approvals set content_hash = (select {ContentHash.OfSet("content_hash", "lead_id")} from approval_leads where approval_id = $1)
            where id = $1 returning content_hash
            """, approvalId).FirstAsync(row => row.GetFieldValue<byte[]>(0), cancellationToken);
}
