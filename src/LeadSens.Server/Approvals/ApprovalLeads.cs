using LeadSens.Server.Api;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>A lead under review.</summary>
/// <param name="Decision">Made, or while the approval is pending: what the reader chose.</param>
internal sealed record ReviewedLead(
    Guid LeadId, string? FirstName, string? LastName, string? Email, string? JobTitle, string? CompanyName, int? Score, string? ScoreReason,
    string ContentHash, [property: OneOf(typeof(DecisionKind))] string? Decision, string? Comment, IReadOnlyList<ReviewedDraft> Drafts);

internal sealed record ReviewedDraft(int Step, string Subject, string Body, string? OriginalSubject, string? OriginalBody, string Language, IReadOnlyList<string> Flags);

/// <summary>Reads the leads of an approval a part at a time, with their mails.</summary>
internal static class ApprovalLeads
{
    public static async Task<IReadOnlyList<ReviewedLead>> ReadAsync(
        Database database, Guid workspaceId, Guid approvalId, string reviewer, Guid after, int skip, int take, CancellationToken cancellationToken)
    {
        var drafts = new Dictionary<Guid, List<ReviewedDraft>>();
        var leads = await database.Sql($"""
            select l.id, l.first_name, l.last_name, l.email, l.job_title, l.company_name, l.score, l.score_reason, al.content_hash, coalesce(al.decision, c.decision), coalesce(al.comment, c.comment)
            from approval_leads al join leads l on l.id = al.lead_id and {SqlText.Check("l.workspace_id = $5")}
            left join approval_choices c on c.approval_id = al.approval_id and c.lead_id = al.lead_id and c.reviewer = $6
            where al.approval_id = $1 and al.lead_id > $2 order by al.lead_id offset $3 limit $4
            """, approvalId, after, skip, take, workspaceId, reviewer).ListAsync(row => Lead(row, drafts), cancellationToken);
        await database.Sql("""
            select lead_id, step, subject, body, original_subject, original_body, language, flags from drafts where workspace_id = $2 and lead_id = any($1) order by lead_id, step
            """, leads.Select(lead => lead.LeadId).ToArray(), workspaceId).ListAsync(row => Add(row, drafts), cancellationToken);
        return leads;
    }

    private static ReviewedLead Lead(NpgsqlDataReader row, Dictionary<Guid, List<ReviewedDraft>> drafts) => new(
        row.GetGuid(0), row.Nullable<string>(1), row.Nullable<string>(2), row.Nullable<string>(3), row.Nullable<string>(4), row.Nullable<string>(5),
        row.IsDBNull(6) ? null : row.GetInt32(6), row.Nullable<string>(7), Approvals.ContentHash.ToText(row.GetFieldValue<byte[]>(8)),
        row.Nullable<string>(9), row.Nullable<string>(10), drafts[row.GetGuid(0)] = new(3));

    private static bool Add(NpgsqlDataReader row, Dictionary<Guid, List<ReviewedDraft>> drafts)
    {
        drafts[row.GetGuid(0)].Add(new(row.GetInt32(1), row.GetString(2), row.GetString(3), row.Nullable<string>(4), row.Nullable<string>(5),
            row.GetString(6), row.GetFieldValue<string[]>(7)));
        return true;
    }
}
