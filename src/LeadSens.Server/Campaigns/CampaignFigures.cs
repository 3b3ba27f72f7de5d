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

/// <summary>Reads a campaign's figures. Whatever writes leads, intents and decisions keeps them (the triggers of Data/Functions/…_count.sql), so that reading
/// costs the same for ten leads and for 100,000.</summary>
internal static class CampaignFigures
{
    private static readonly string[] Columns =
    [
        "sourced", "duplicates", "suppressed", "scored", "skipped", "qualified", "enriched", "verified", "not_verified", "needs_review", "drafted",
        "approved", "rejected", "pushed", "synced", "failed",
        "intents", "refused",
    ];

    private static readonly string Sql = $"""
        select {string.Join(", ", Columns.Select(column => $"coalesce(sum({column}), 0)::bigint"))}
        from campaign_count_parts where workspace_id = $1 and campaign_id = $2
        """;

    /// <param name="counted">The campaign's own figure of those that the search would find.</param>
    public static Task<(LeadFigures Leads, PushFigures Pushes)> ReadAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid campaignId, long counted, CancellationToken cancellationToken) =>
        connection.FirstAsync(Sql, row => Read(row, counted), cancellationToken, workspaceId, campaignId);

    private static (LeadFigures, PushFigures) Read(NpgsqlDataReader row, long counted)
    {
        long Number(string column) => row.GetInt64(Array.IndexOf(Columns, column));
        return (
            new(counted, Number("sourced"), Number("duplicates"), Number("suppressed"), Number("scored"), Number("skipped"), Number("qualified"),
                Number("enriched"), Number("verified"), Number("not_verified"), Number("needs_review"), Number("drafted"), Number("approved"),
                Number("rejected"), Number("pushed"), Number("synced"), Number("failed")),
            new(Number("intents"), Number("pushed"), Number("refused")));
    }
}
