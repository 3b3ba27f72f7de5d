using LeadSens.Activities;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Contacts;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Leads;

/// <summary>Filters and verifies all leads of a campaign with one statement each.</summary>
internal sealed class LeadRules(Database database, IOptions<ContactsOptions> ages) : ILeadRules
{
    private static readonly string ScoredSql = $"""
        select count(*) filter (where score >= $3), count(*) filter (where score < $3)
        from leads where workspace_id = $1 and campaign_id = $2 and {LeadMoves.Filter.Takes("leads")}
        """;

    /// <summary>Whose company is known takes that along.</summary>
    private static readonly string FilterSql = $"""
        update leads set {LeadMoves.Filter.Set(LeadStatus.Skipped, ("score >= $3", LeadStatus.Qualified))},
            enrichment_status = case
                when score >= $3 and enrichment_status in ('None', 'Failed') and {KnownCompany.Fresh("leads", "$4")} then 'Enriched'
                else enrichment_status end,
            exclusion_reason = case when score < $3 then 'The score of ' || score || ' is below the threshold of ' || $3 || '.' end, updated_at = now()
        where workspace_id = $1 and campaign_id = $2 and {LeadMoves.Filter.Takes("leads")}
        """;

    public async ValueTask<FilterPlan> FilterAsync(RunCampaign campaign, int threshold, CancellationToken cancellationToken)
    {
        var (qualified, skipped) = await database.FirstAsync(ScoredSql, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, campaign.WorkspaceId, campaign.Id, threshold);
        return new(qualified, skipped, new SqlWrite((connection, token) =>
            connection.ExecuteAsync(FilterSql, token, campaign.WorkspaceId, campaign.Id, threshold, ages.Value.EnrichmentDays)) { LockFirst = Lock(campaign) });
    }

    public async ValueTask<VerificationPlan> VerifyAsync(RunCampaign campaign, CancellationToken cancellationToken)
    {
        var (verified, not, review) = await database.FirstAsync(
            Verification.CountSql, row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken,
            campaign.WorkspaceId, campaign.Id, ages.Value.VerificationDays);
        return new(verified, not, review, new SqlWrite((connection, token) =>
            connection.ExecuteAsync(Verification.WriteSql, token, campaign.WorkspaceId, campaign.Id, ages.Value.VerificationDays)) { LockFirst = Lock(campaign) });
    }

    private static Func<NpgsqlConnection, CancellationToken, Task> Lock(RunCampaign campaign) =>
        (connection, token) => CampaignLock.TakeAsync(connection, campaign.WorkspaceId, campaign.Id, token);
}
