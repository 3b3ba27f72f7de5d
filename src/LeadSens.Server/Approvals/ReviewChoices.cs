using LeadSens.Server.Api;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>A lead that is not as the rest of its approval.</summary>
/// <param name="Decision">What this reviewer chose for it; null: as the rest.</param>
/// <param name="Edited">Its mails were changed in a review.</param>
internal sealed record DifferingLead(Guid LeadId, string Name, [property: OneOf(typeof(DecisionKind))] string? Decision, bool Edited);

/// <summary>What one reviewer chose for single leads before deciding. No other reviewer sees it, and no other's decision takes it up.</summary>
internal static class ReviewChoices
{
    /// <summary>As many are named; a person reads no more.</summary>
    public const int MostNamed = 100;

    /// <summary>Stores choices and comments; false when a lead is not of this approval. A choice without a decision goes as the rest again.</summary>
    public static async Task<bool> SaveAsync(NpgsqlConnection connection, Guid approvalId, IReadOnlyList<LeadChoice> choices, Reviewer reviewer, CancellationToken cancellationToken)
    {
        if (choices.Count == 0) return true;
        var saved = await connection.Sql("""
            insert into approval_choices (workspace_id, approval_id, lead_id, reviewer, decision, comment)
            select $1, al.approval_id, al.lead_id, $3, c.decision, c.comment
            from unnest($4::uuid[], $5::text[], $6::text[]) as c (lead_id, decision, comment) join approval_leads al on al.approval_id = $2 and al.lead_id = c.lead_id
            on conflict (approval_id, lead_id, reviewer) do update set decision = excluded.decision, comment = coalesce(excluded.comment, approval_choices.comment)
            """, reviewer.WorkspaceId, approvalId, reviewer.Name, choices.Select(choice => choice.LeadId).ToArray(),
            choices.Select(choice => choice.Decision).ToArray(), choices.Select(choice => choice.Comment).ToArray()).RunAsync(cancellationToken);
        return saved == choices.Count;
    }

    /// <summary>The leads for which the reviewer chose something else than this.</summary>
    public static Task<List<DifferingLead>> OtherThanAsync(NpgsqlConnection connection, Guid approvalId, string decision, Reviewer reviewer, CancellationToken cancellationToken) =>
        connection.Sql($"""
            {Named} join approval_choices c on c.approval_id = al.approval_id and c.lead_id = al.lead_id
            where al.approval_id = $1 and c.workspace_id = $2 and c.reviewer = $3 and c.decision <> $4 order by l.id
            """.Replace("@columns", "c.decision, false", StringComparison.Ordinal), approvalId, reviewer.WorkspaceId, reviewer.Name, decision).ListAsync(Read, cancellationToken);

    /// <summary>The leads for which the reviewer chose something, and those whose mails were edited.</summary>
    public static Task<List<DifferingLead>> ReadAsync(Database database, Guid workspaceId, Guid approvalId, string reviewer, CancellationToken cancellationToken) =>
        database.Sql($"""
            {Named} left join approval_choices c on c.approval_id = al.approval_id and c.lead_id = al.lead_id and c.reviewer = $3
            left join (select distinct lead_id from drafts where workspace_id = $2 and original_subject is not null
                and campaign_id = (select campaign_id from approvals where workspace_id = $2 and id = $1)) e on e.lead_id = l.id
            where al.approval_id = $1 and {SqlText.Check("l.workspace_id = $2")}
              and (c.decision is not null or e.lead_id is not null) order by l.id limit {MostNamed}
            """.Replace("@columns", "c.decision, e.lead_id is not null", StringComparison.Ordinal), approvalId, workspaceId, reviewer).ListAsync(Read, cancellationToken);

    /// <summary>Once it is decided nothing is left to choose.</summary>
    public static Task<int> ForgetAsync(NpgsqlConnection connection, Guid workspaceId, Guid approvalId, CancellationToken cancellationToken) =>
        connection.Sql("delete from approval_choices where workspace_id = $1 and approval_id = $2", workspaceId, approvalId).RunAsync(cancellationToken);

    private const string Named = """
        select l.id, coalesce(nullif(trim(concat_ws(' ', l.first_name, l.last_name)), ''), l.email, 'a lead'), @columns
        from approval_leads al join leads l on l.id = al.lead_id
        """;

    private static DifferingLead Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetBoolean(3));
}
