using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Decides an approval. One guarded update settles who was first: another decision, an edit, the time-out, the expiry.
/// Decision, edits, the leads' statuses, the run's stimulus and the link's use are one transaction.</summary>
internal sealed class DecideApproval(Database database, ApprovalSignals signals, SuppressionKeys keys)
{
    public async Task<DecisionResult> ExecuteAsync(Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken)
    {
        var (result, outdated) = await TryAsync(approvalId, decision, reviewer, cancellationToken);
        if (result is DecisionResult.Decided) signals.Wake();
        // The texts moved under the approval: from now on it shows, and asks to sign, what they are.
        if (outdated) await EditDrafts.RehashAsync(database, approvalId, cancellationToken);
        return result;
    }

    private async Task<(DecisionResult Result, bool Outdated)> TryAsync(Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await ClaimAsync(connection, approvalId, decision, reviewer, cancellationToken))
            return (await ApprovalGuard.ExplainAsync(connection, approvalId, reviewer, cancellationToken), false);
        if (!await ApprovalGuard.IsCurrentAsync(connection, approvalId, cancellationToken)) return (ApprovalGuard.Outdated, true);
        // Who came onto the list while the reviewer read is not approved, whatever was chosen.
        var (workspaceId, campaignId) = await WhereAsync(connection, approvalId, cancellationToken);
        await SuppressLeads.ExecuteAsync(connection, workspaceId, campaignId, await keys.OfAsync(workspaceId, cancellationToken), ["Drafted", "Approved"], cancellationToken);
        if (await DecideLeads.ExecuteAsync(connection, approvalId, decision, cancellationToken) is { } unknown) return (unknown, false);
        if (reviewer.Token is { } token && !await ApprovalLinks.UseAsync(connection, token, cancellationToken)) return (ApprovalGuard.AlreadyDecided, false);
        var decided = await CloseApproval.DecideAsync(connection, workspaceId, approvalId, cancellationToken);
        await NoteAsync(connection, workspaceId, approvalId, decided, reviewer.By, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (decided, false);
    }

    private static Task<(Guid WorkspaceId, Guid CampaignId)> WhereAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) =>
        connection.Sql("select workspace_id, campaign_id from approvals where id = $1", approvalId).FirstAsync(row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken);

    private static Task NoteAsync(NpgsqlConnection connection, Guid workspaceId, Guid approvalId, DecisionResult.Decided decided, AuditActor by, CancellationToken cancellationToken)
    {
        var details = new JsonObject { ["status"] = decided.Status, ["approved"] = decided.Approved, ["rejected"] = decided.Rejected, ["open"] = decided.Open };
        return AuditLog.AppendAsync(connection, new(workspaceId, by, "approval.decided", "approval", approvalId, details), cancellationToken);
    }

    private static async Task<bool> ClaimAsync(NpgsqlConnection connection, Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken) =>
        await connection.Sql("""
            update approvals a set status = 'approved', decided_at = clock_now(), decided_by = $2, comment = $3
            where id = $1 and status = 'pending' and content_hash = coalesce($4::bytea, content_hash) and expires_at > clock_now()
              and workspace_id = coalesce($5::uuid, workspace_id) and not kept_out(a, $2)
              and ($6::text[] is null or cardinality(roles) = 0 or roles && $6)
            """, approvalId, reviewer.Name, decision.Comment, reviewer.Seen, reviewer.WorkspaceId, reviewer.Roles?.ToArray())
            .RunAsync(cancellationToken) == 1;
}
