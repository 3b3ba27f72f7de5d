using LeadSens.Server.Data;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Writes a decision down lead by lead: choices, edits, hashes as decided, the leads' statuses.</summary>
internal static class DecideLeads
{
    /// <summary>Null, or why the decision cannot be taken.</summary>
    public static async Task<DecisionResult.Refused?> ExecuteAsync(NpgsqlConnection connection, Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken)
    {
        if (decision.All is null && await DiffersAsync(connection, approvalId, decision, reviewer, cancellationToken) is { } differs) return differs;
        if (!await ReviewChoices.SaveAsync(connection, approvalId, decision.Leads, reviewer, cancellationToken)) return ApprovalGuard.LeadUnknown;
        if (await ApprovalGuard.IsFixedAsync(connection, approvalId, decision.Leads, cancellationToken)) return ApprovalGuard.Fixed;
        await EditDrafts.ApplyAsync(connection, approvalId, decision.Leads, cancellationToken);
        await connection.Sql("""
            update approval_leads al set (decision, comment, decided_hash) = (
                select d.decision, d.comment, case when d.decision = 'approve' then al.content_hash end
                from (select case when $6 then $2 else coalesce(max(c.decision), $2) end as decision, coalesce(max(c.comment), $3) as comment
                      from approval_choices c where c.approval_id = al.approval_id and c.lead_id = al.lead_id and c.workspace_id = $4 and c.reviewer = $5) d)
            where al.approval_id = $1
            """, approvalId, decision.Kind, decision.Comment, reviewer.WorkspaceId, reviewer.Name, decision.All is true).RunAsync(cancellationToken);
        await ReviewChoices.ForgetAsync(connection, reviewer.WorkspaceId, approvalId, cancellationToken);
        await MoveLeadsAsync(connection, approvalId, cancellationToken);
        return null;
    }

    /// <summary>Names the leads for which the reviewer saved something else; what this very request says of a lead is no surprise.</summary>
    private static async Task<DecisionResult.Refused?> DiffersAsync(NpgsqlConnection connection, Guid approvalId, Decision decision, Reviewer reviewer, CancellationToken cancellationToken)
    {
        var said = decision.Leads.Where(choice => choice.Decision is not null).Select(choice => choice.LeadId).ToHashSet();
        var others = (await ReviewChoices.OtherThanAsync(connection, approvalId, decision.Kind, reviewer, cancellationToken)).Where(lead => !said.Contains(lead.LeadId)).ToList();
        if (others.Count == 0) return null;
        var named = string.Join(", ", others.Take(10).Select(lead => $"{lead.Name} ({lead.Decision})")) + (others.Count > 10 ? ", …" : "");
        return new("approval_choices_differ", $"You chose something else for {others.Count} leads: {named}. Say all: true to decide them like the rest, or all: false to keep what you chose.");
    }

    /// <summary>A lead that left the review meanwhile (suppressed, say) is not approved, whatever the reviewer chose.</summary>
    private static async Task MoveLeadsAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken)
    {
        await connection.Sql($"""
            update leads l set updated_at = clock_now(),
                {LeadMoves.Decide.Set(LeadStatus.Qualified, ("al.decision = 'approve'", LeadStatus.Approved), ("al.decision = 'reject'", LeadStatus.Rejected))},
                changes_requested = case when al.decision = 'requestChanges' then coalesce(al.comment, 'Write it differently.') end
            from approval_leads al
            where al.approval_id = $1 and l.id = al.lead_id and {LeadMoves.Decide.Takes("l")}
            """, approvalId).RunAsync(cancellationToken);
        await connection.Sql("""
            update approval_leads al set decision = null, decided_hash = null, comment = 'The lead was not open any more.'
            from leads l
            where al.approval_id = $1 and l.id = al.lead_id and l.status not in ('Approved', 'Rejected', 'Qualified')
            """, approvalId).RunAsync(cancellationToken);
    }
}
