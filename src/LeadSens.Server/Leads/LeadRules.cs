using LeadSens.Activities;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Leads;

/// <summary>Filters and verifies all leads of a campaign with one statement each.</summary>
internal sealed class LeadRules(Database database) : ILeadRules
{
    private static readonly string ScoredSql = $"""
        select count(*) filter (where score >= $3), count(*) filter (where score < $3)
        from leads where workspace_id = $1 and campaign_id = $2 and {LeadMoves.Filter.Takes("leads")}
        """;

    private static readonly string FilterSql = $"""
        update leads set {LeadMoves.Filter.Set(LeadStatus.Skipped, ("score >= $3", LeadStatus.Qualified))},
            exclusion_reason = case when score < $3 then 'The score of ' || score || ' is below the threshold of ' || $3 || '.' end, updated_at = now()
        where workspace_id = $1 and campaign_id = $2 and {LeadMoves.Filter.Takes("leads")}
        """;

    public async ValueTask<FilterPlan> FilterAsync(RunCampaign campaign, int threshold, CancellationToken cancellationToken)
    {
        var (qualified, skipped) = await database.FirstAsync(ScoredSql, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, campaign.WorkspaceId, campaign.Id, threshold);
        return new(qualified, skipped, new SqlWrite((connection, token) => connection.ExecuteAsync(FilterSql, token, campaign.WorkspaceId, campaign.Id, threshold)) { LockFirst = Lock(campaign) });
    }

    public async ValueTask<VerificationPlan> VerifyAsync(RunCampaign campaign, CancellationToken cancellationToken)
    {
        var (verified, not, review) = await database.FirstAsync(
            Verification.CountSql, row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken, campaign.WorkspaceId, campaign.Id);
        return new(verified, not, review, new SqlWrite((connection, token) => connection.ExecuteAsync(Verification.WriteSql, token, campaign.WorkspaceId, campaign.Id)) { LockFirst = Lock(campaign) });
    }

    private static Func<NpgsqlConnection, CancellationToken, Task> Lock(RunCampaign campaign) =>
        (connection, token) => CampaignLock.TakeAsync(connection, campaign.WorkspaceId, campaign.Id, token);
}
