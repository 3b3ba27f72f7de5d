using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Why a decision or an edit was not taken.</summary>
internal static class ApprovalGuard
{
    public static readonly DecisionResult.Refused AlreadyDecided = new("approval_already_decided", "Somebody has decided this approval already.");
    public static readonly DecisionResult.Refused Outdated = new("approval_outdated", "The texts were changed after they were shown. Load them again and decide about what they say now.");
    public static readonly DecisionResult.Refused Expired = new("approval_expired", "The time to decide is over.");
    public static readonly DecisionResult.Refused Fixed = new("approval_texts_fixed",
        "This approval confirms what somebody else approved, so its texts cannot be changed here. Request changes: then both approve again.");
    public static readonly DecisionResult.Refused LeadUnknown = new("approval_lead_unknown", "The request names a lead that this approval does not hold.");
    private static readonly DecisionResult.Refused NotFound = new("approval_not_found", "There is no such approval.");
    private static readonly DecisionResult.Refused NotAllowed = new("approval_not_allowed", "This approval has to be decided by somebody else.");

    /// <summary>Who may touch an approval <c>a</c>, by deciding as by editing: it is open, the texts are those that were shown, and the reviewer has the role, may
    /// still decide, also where the node that let them in has not heard that they may not, and is not kept out. The parameters are those of <see cref="Values"/>.</summary>
    public const string May = """
        a.id = $1 and a.workspace_id = $2 and a.status = 'pending' and a.content_hash = $3 and a.expires_at > clock_now()
            and not kept_out(a, $4) and (cardinality(a.roles) = 0 or $5 = any(a.roles))
            and ($6::uuid is null and $7::uuid is null or may_still(a.workspace_id, $6::uuid, $7::uuid, $8, 'approve'))
        """;

    public static object?[] Values(Guid approvalId, Reviewer reviewer) =>
        [approvalId, reviewer.WorkspaceId, reviewer.Seen, reviewer.Name, reviewer.Role, reviewer.By.PersonId, reviewer.By.KeyId, ApprovalNotices.Roles];

    /// <summary>Reads, after the guarded update found nothing, what stood against it.</summary>
    public static async Task<DecisionResult> ExplainAsync(NpgsqlConnection connection, Guid approvalId, Guid workspaceId, byte[]? seen, CancellationToken cancellationToken) =>
        await connection.Sql("""
            select status, expires_at > clock_now(), content_hash = coalesce($3::bytea, content_hash)
            from approvals where id = $1 and workspace_id = $2
            """, approvalId, workspaceId, seen)
            .FirstAsync<DecisionResult>(row => row.GetString(0) switch
            {
                ApprovalStatus.TimedOut => Expired,
                ApprovalStatus.Pending when !row.GetBoolean(1) => Expired,
                ApprovalStatus.Pending when !row.GetBoolean(2) => Outdated,
                ApprovalStatus.Pending => NotAllowed,
                _ => AlreadyDecided,
            }, cancellationToken) ?? NotFound;

    /// <summary>Whether these edits change a text that is only to be confirmed. Forms send unchanged texts along.</summary>
    public static async Task<bool> IsFixedAsync(NpgsqlConnection connection, Guid approvalId, IReadOnlyList<LeadChoice> choices, CancellationToken cancellationToken)
    {
        var edits = choices.SelectMany(choice => (choice.Edits ?? []).Select(edit => (choice.LeadId, Edit: edit))).ToArray();
        return edits.Length > 0 && await connection.Sql("""
            select true from approvals a, unnest($2::uuid[], $3::int[], $4::text[], $5::text[]) as e (lead_id, step, subject, body)
            join drafts d on d.lead_id = e.lead_id and d.step = e.step
            where a.id = $1 and a.by_somebody_else and (d.subject <> e.subject or d.body <> e.body)
            """, approvalId, edits.Select(edit => edit.LeadId).ToArray(), edits.Select(edit => edit.Edit.Step).ToArray(),
            edits.Select(edit => edit.Edit.Subject).ToArray(), edits.Select(edit => edit.Edit.Body).ToArray()).FirstAsync(row => true, cancellationToken);
    }

    /// <summary>Whether every text is still what the approval holds.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) =>
        await connection.Sql($"""
            select not exists (
                select from approval_leads al join leads l on l.id = al.lead_id
                where al.approval_id = $1 and {ContentHash.OfLead("l")} is distinct from al.content_hash)
            """, approvalId).FirstAsync(row => row.GetBoolean(0), cancellationToken);
}
