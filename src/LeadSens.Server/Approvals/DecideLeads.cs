using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Writes a decision down lead by lead: choices, edits, hashes as decided, the leads' statuses.</summary>
internal static class DecideLeads
{
    /// <summary>Null, or why the decision cannot be taken.</summary>
    public static async Task<DecisionResult.Refused?> ExecuteAsync(NpgsqlConnection connection, Guid approvalId, Decision decision, CancellationToken cancellationToken)
    {
        if (!decision.KeepSaved) await connection.Sql("update approval_leads set decision = null, comment = null where approval_id = $1 and decision is not null", approvalId).RunAsync(cancellationToken);
        if (!await SaveChoicesAsync(connection, approvalId, decision.Leads, cancellationToken)) return new("approval_lead_unknown", "The decision names a lead that this approval does not hold.");
        if (await ApprovalGuard.IsFixedAsync(connection, approvalId, decision.Leads, cancellationToken)) return ApprovalGuard.Fixed;
        await EditDrafts.ApplyAsync(connection, approvalId, decision.Leads, cancellationToken);
        await connection.Sql("""
            update approval_leads set decision = coalesce(decision, $2), comment = coalesce(comment, $3),
                decided_hash = case when coalesce(decision, $2) = 'approve' then content_hash end
            where approval_id = $1
            """, approvalId, decision.Kind, decision.Comment).RunAsync(cancellationToken);
        await MoveLeadsAsync(connection, approvalId, cancellationToken);
        return null;
    }

    /// <summary>Stores choices and comments; false when a lead is not of this approval.</summary>
    public static async Task<bool> SaveChoicesAsync(NpgsqlConnection connection, Guid approvalId, IReadOnlyList<LeadChoice> choices, CancellationToken cancellationToken)
    {
        if (choices.Count == 0) return true;
        var saved = await connection.Sql("""
            update approval_leads al set decision = c.decision, comment = coalesce(c.comment, al.comment)
            from unnest($2::uuid[], $3::text[], $4::text[]) as c (lead_id, decision, comment)
            where al.approval_id = $1 and al.lead_id = c.lead_id
            """, approvalId, choices.Select(choice => choice.LeadId).ToArray(), choices.Select(choice => choice.Decision).ToArray(),
            choices.Select(choice => choice.Comment).ToArray()).RunAsync(cancellationToken);
        return saved == choices.Count;
    }

    /// <summary>A lead that left the review meanwhile (suppressed, say) is not approved, whatever the reviewer chose.</summary>
    private static async Task MoveLeadsAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken)
    {
        await connection.Sql("""
            update leads l set updated_at = clock_now(),
                status = case al.decision when 'approve' then 'Approved' when 'reject' then 'Rejected' else 'Qualified' end,
                changes_requested = case when al.decision = 'requestChanges' then coalesce(al.comment, 'Write it differently.') end
            from approval_leads al
            where al.approval_id = $1 and l.id = al.lead_id and l.status in ('Drafted', 'Approved')
            """, approvalId).RunAsync(cancellationToken);
        await connection.Sql("""
            update approval_leads al set decision = null, decided_hash = null, comment = 'The lead was not open any more.'
            from leads l
            where al.approval_id = $1 and l.id = al.lead_id and l.status not in ('Approved', 'Rejected', 'Qualified')
            """, approvalId).RunAsync(cancellationToken);
    }
}
