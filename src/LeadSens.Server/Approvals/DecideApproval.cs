using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Suppressions;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Decides an approval. One guarded update settles who was first: another decision, an edit, the time-out, the expiry.
/// Decision, edits, the leads' statuses, the run's stimulus and the link's use are one transaction.</summary>
internal sealed class DecideApproval(Database database, ApprovalSignals signals, SuppressionKeys keys)
{
    public async Task<DecisionResult> ExecuteAsync(Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken)
    {
        if (Once.Took<DecisionResult.Decided>(out var before)) return before!;
        var (result, outdated) = await Transactions.AgainAsync(() => TryAsync(approvalId, decision, reviewer, cancellationToken), cancellationToken);
        if (result is DecisionResult.Decided) signals.Wake();
        // The texts moved under the approval: from now on it shows, and asks to sign, what they are.
        if (outdated) await EditDrafts.RehashAsync(database, reviewer.WorkspaceId, approvalId, cancellationToken);
        return result;
    }

    private async Task<(DecisionResult Result, bool Outdated)> TryAsync(Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (workspaceId, campaignId) = (reviewer.WorkspaceId, await CampaignLock.TakeOfApprovalAsync(connection, reviewer.WorkspaceId, approvalId, cancellationToken));
        if (!await ClaimAsync(connection, approvalId, decision, reviewer, cancellationToken))
            return (await ApprovalGuard.ExplainAsync(connection, approvalId, workspaceId, reviewer.Seen, cancellationToken), false);
        if (!await ApprovalGuard.IsCurrentAsync(connection, approvalId, cancellationToken)) return (ApprovalGuard.Outdated, true);
        // Who came onto the list while the reviewer read is not approved, whatever was chosen.
        await SuppressLeads.ExecuteAsync(connection, workspaceId, campaignId, await keys.OfAsync(connection, workspaceId, cancellationToken), cancellationToken);
        if (await DecideLeads.ExecuteAsync(connection, approvalId, decision, reviewer, cancellationToken) is { } refused) return (refused, false);
        if (reviewer.Token is { } token && !await ApprovalLinks.UseAsync(connection, token, cancellationToken)) return (ApprovalGuard.AlreadyDecided, false);
        var decided = await CloseApproval.DecideAsync(connection, workspaceId, approvalId, cancellationToken);
        await NoteAsync(connection, workspaceId, approvalId, decided, reviewer.By, cancellationToken);
        await Once.CommitAsync(transaction, decided, cancellationToken);
        return (decided, false);
    }

    private static Task NoteAsync(NpgsqlConnection connection, Guid workspaceId, Guid approvalId, DecisionResult.Decided decided, AuditActor by, CancellationToken cancellationToken)
    {
        var details = new JsonObject { ["status"] = decided.Status, ["approved"] = decided.Approved, ["rejected"] = decided.Rejected, ["open"] = decided.Open };
        return AuditLog.AppendAsync(connection, new(workspaceId, by, "approval.decided", "approval", approvalId, details), cancellationToken);
    }

    private static async Task<bool> ClaimAsync(NpgsqlConnection connection, Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken) =>
        await connection.Sql($"""
            update approvals a set status = 'approved', decided_at = clock_now(), decided_by = $4, comment = $9 where {ApprovalGuard.May}
            """, [.. ApprovalGuard.Values(approvalId, reviewer), decision.Comment]).RunAsync(cancellationToken) == 1;
}
