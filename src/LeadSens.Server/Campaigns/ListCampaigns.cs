using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>The workspace's campaigns, newest first.</summary>
internal static class ListCampaigns
{
    private const string Sql = $"""
        select id, name, status, {CampaignViews.WaitsForSql}, lead_limit, threshold, created_at, started_at, finished_at, workflow_instance_id
        from campaigns where workspace_id = $1 and ($2::uuid is null or id < $2) and ($3::text is null or status = $3)
        order by id desc limit $4
        """;

    public static async Task<Ok<Page<CampaignSummary>>> HandleAsync(
        [AsParameters] PageRequest page, string? status, WorkspaceContext caller, Database database, CampaignViews views, CancellationToken cancellationToken)
    {
        Guid? before = page.After == Guid.Empty ? null : page.After;
        var rows = await database.ListAsync(Sql, Read, cancellationToken, caller.WorkspaceId, before, status, page.Size + 1);
        // Most say it themselves; the others are asked one after the other, as a single one is.
        for (var i = 0; i < rows.Count; i++)
            {
            var (summary, run) = rows[i];
            rows[i] = (summary with { WaitsFor = await views.WaitsForAsync(caller.WorkspaceId, summary.Status, summary.WaitsFor, run, cancellationToken) }, run);
        }

        return TypedResults.Ok(Page<CampaignSummary>.Of([.. rows.Select(row => row.Summary)], page.Size, campaign => campaign.Id.ToString()));
    }

    private static (CampaignSummary Summary, Guid? Run) Read(NpgsqlDataReader row) => (new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetInt32(4), row.GetInt32(5),
        row.GetFieldValue<DateTimeOffset>(6), row.Maybe<DateTimeOffset>(7), row.Maybe<DateTimeOffset>(8)), row.Maybe<Guid>(9));
}
