using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows.Waits;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>The workspace's campaigns, newest first.</summary>
internal sealed class ListCampaigns(Database database, ReadWaits waits) : IUseCase<ListCampaigns, ListCampaigns.Request, Page<CampaignSummary>>
{
    public sealed record Request(PageRequest Page, string? Status);

    private const string Sql = $"""
        select id, name, status, {CampaignViews.WaitsForSql}, lead_limit, threshold, created_at, started_at, finished_at, workflow_instance_id
        from campaigns where workspace_id = $1 and ($2::uuid is null or id < $2) and ($3::text is null or status = $3)
        order by id desc limit $4
        """;

    public static UseCase Declaration { get; } = new("listCampaigns", "Campaigns, the newest first", Permission.Read);

    public async Task<Outcome<Page<CampaignSummary>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        if (Refusal.UnlessOneOf(CampaignStatus.All, "status", request.Status) is { } unknown) return unknown;
        var page = request.Page;
        Guid? before = page.After == Guid.Empty ? null : page.After;
        var rows = await database.ListAsync(Sql, Read, cancellationToken, caller.WorkspaceId, before, request.Status, page.Size + 1);
        // Most say it themselves.
        var said = await waits.FirstAsync(caller.WorkspaceId, [.. rows.Where(row => CampaignViews.AsksRun(row.Summary.Status, row.Summary.WaitsFor, row.Run)).Select(row => row.Run!.Value)], cancellationToken);
        var summaries = rows.Select(row => row.Run is { } run && said.TryGetValue(run, out var words) ? row.Summary with { WaitsFor = words } : row.Summary);
        return Page<CampaignSummary>.Of([.. summaries], page.Size, campaign => campaign.Id.ToString());
    }

    private static (CampaignSummary Summary, Guid? Run) Read(NpgsqlDataReader row) => (new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetInt32(4), row.GetInt32(5),
        row.GetFieldValue<DateTimeOffset>(6), row.Maybe<DateTimeOffset>(7), row.Maybe<DateTimeOffset>(8)), row.Maybe<Guid>(9));
}
