using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>How many leads passed each stage. <c>Skipped + Qualified = Scored</c> once the leads were filtered.</summary>
internal sealed record LeadFigures(
    long Counted, long Sourced, long Duplicates, long Suppressed, long Scored, long Skipped, long Qualified, long Enriched, long Verified, long NotVerified,
    long NeedsReview, long Drafted, long Approved, long Rejected, long Pushed, long Synced, long Failed);

/// <summary>What became of the approved leads at the provider.</summary>
internal sealed record PushFigures(long Intents, long Receipts, long Refused);

/// <summary>What the language model cost.</summary>
internal sealed record CostFigures(decimal Usd, long Calls, string Currency = "USD");

/// <summary>Reads a campaign's figures: counted from the rows, never kept beside them.</summary>
internal static class CampaignFigures
{
    private const string LeadsSql = """
        select count(*),
            count(*) filter (where status = 'Duplicate'),
            count(*) filter (where status = 'Suppressed'),
            count(*) filter (where score is not null),
            count(*) filter (where status = 'Skipped'),
            count(*) filter (where score is not null and status not in ('Scored', 'Skipped')),
            count(*) filter (where enrichment_status = 'Enriched'),
            count(*) filter (where verification_status = 'Verified'),
            count(*) filter (where verification_status = 'NotVerified'),
            count(*) filter (where verification_status = 'NeedsReview'),
            count(*) filter (where drafted_at is not null),
            count(*) filter (where status = 'Rejected'),
            count(*) filter (where status = 'Synced'),
            count(*) filter (where status = 'Failed')
        from leads where workspace_id = $1 and campaign_id = $2
        """;

    private const string PushSql = """
        select count(*), count(*) filter (where i.state = 'done'), count(*) filter (where i.state = 'refused'),
            (select count(*) from (
                select distinct on (al.lead_id) al.decision from approval_leads al join approvals a on a.id = al.approval_id
                where a.workspace_id = $1 and a.campaign_id = $2 and a.status in ('approved', 'rejected', 'changes_requested')
                order by al.lead_id, a.id desc) latest
             where latest.decision = 'approve')
        from intents i where i.workspace_id = $1 and i.campaign_id = $2 and i.kind = 'lead.add'
        """;

    public static async Task<(LeadFigures Leads, PushFigures Pushes)> ReadAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid campaignId, long counted, CancellationToken cancellationToken)
    {
        var push = await connection.FirstAsync(PushSql, Numbers, cancellationToken, workspaceId, campaignId);
        var lead = await connection.FirstAsync(LeadsSql, Numbers, cancellationToken, workspaceId, campaignId);
        return (
            new(counted, lead![0], lead[1], lead[2], lead[3], lead[4], lead[5], lead[6], lead[7], lead[8], lead[9], lead[10], push![3], lead[11], push[1], lead[12], lead[13]),
            new(push[0], push[1], push[2]));
    }

    private static long[] Numbers(NpgsqlDataReader row)
    {
        var numbers = new long[row.FieldCount];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = row.GetInt64(i);
        return numbers;
    }
}
