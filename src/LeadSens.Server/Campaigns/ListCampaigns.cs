using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows.Waits;
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
        [AsParameters] PageRequest page, [OneOf(typeof(CampaignStatus))] string? status, WorkspaceContext caller, Database database, ReadWaits waits, CancellationToken cancellationToken)
    {
        Guid? before = page.After == Guid.Empty ? null : page.After;
        var rows = await database.ListAsync(Sql, Read, cancellationToken, caller.WorkspaceId, before, status, page.Size + 1);
        // Most say it themselves.
        var said = await waits.FirstAsync(caller.WorkspaceId, [.. rows.Where(row => CampaignViews.AsksRun(row.Summary.Status, row.Summary.WaitsFor, row.Run)).Select(row => row.Run!.Value)], cancellationToken);
        var summaries = rows.Select(row => row.Run is { } run && said.TryGetValue(run, out var words) ? row.Summary with { WaitsFor = words } : row.Summary);
        return TypedResults.Ok(Page<CampaignSummary>.Of([.. summaries], page.Size, campaign => campaign.Id.ToString()));
    }

    private static (CampaignSummary Summary, Guid? Run) Read(NpgsqlDataReader row) => (new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetInt32(4), row.GetInt32(5),
        row.GetFieldValue<DateTimeOffset>(6), row.Maybe<DateTimeOffset>(7), row.Maybe<DateTimeOffset>(8)), row.Maybe<Guid>(9));
}
