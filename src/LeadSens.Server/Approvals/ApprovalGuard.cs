using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Why a decision or an edit was not taken.</summary>
internal static class ApprovalGuard
{
    public static readonly DecisionResult.Refused AlreadyDecided = new("approval_already_decided", "Somebody has decided this approval already.");
    public static readonly DecisionResult.Refused Outdated = new("approval_outdated", "The texts were changed after they were shown. Load them again and decide about what they say now.");
    public static readonly DecisionResult.Refused Expired = new("approval_expired", "The time to decide is over.");
    private static readonly DecisionResult.Refused NotFound = new("approval_not_found", "There is no such approval.");
    private static readonly DecisionResult.Refused NotAllowed = new("approval_not_allowed", "This approval has to be decided by somebody else.");

    /// <summary>Reads, after the guarded update found nothing, what stood against it.</summary>
    public static async Task<DecisionResult> ExplainAsync(NpgsqlConnection connection, Guid approvalId, Reviewer reviewer, CancellationToken cancellationToken) =>
        await connection.Sql("""
            select status, expires_at > clock_now(), content_hash = coalesce($3::bytea, content_hash)
            from approvals where id = $1 and workspace_id = coalesce($2::uuid, workspace_id)
            """, approvalId, reviewer.WorkspaceId, reviewer.Seen)
            .FirstAsync<DecisionResult>(row => row.GetString(0) switch
            {
                ApprovalStatus.TimedOut => Expired,
                ApprovalStatus.Pending when !row.GetBoolean(1) => Expired,
                ApprovalStatus.Pending when !row.GetBoolean(2) => Outdated,
                ApprovalStatus.Pending => NotAllowed,
                _ => AlreadyDecided,
            }, cancellationToken) ?? NotFound;

    /// <summary>Whether every text is still what the approval holds.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) =>
        await connection.Sql($"""
            select not exists (
                select from approval_leads al join leads l on l.id = al.lead_id
                where al.approval_id = $1 and {ContentHash.OfLead("l")} is distinct from al.content_hash)
            """, approvalId).FirstAsync(row => row.GetBoolean(0), cancellationToken);
}
