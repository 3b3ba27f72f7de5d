using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows.Waits;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Reads one campaign with its live figures.</summary>
internal sealed class CampaignViews(Database database, ReadWaits waits)
{
    /// <summary>What a campaign waits for as far as its own rows say it.</summary>
    public const string WaitsForSql = """
        coalesce(waits_for, (
            select coalesce(b.paused_detail, (select j.failure from jobs j where b.total = 1 and j.batch_id = b.id and j.state = 'Queued'))
            from batches b where b.workspace_id = campaigns.workspace_id and b.campaign_id = campaigns.id and b.is_open order by b.id limit 1))
        """;

    private const string CampaignSql = $"""
        select id, name, status, {WaitsForSql}, fault, workflow_instance_id, workflow, icp, lead_limit, threshold, budget_usd, targets,
            leads_counted, cost_usd, ai_calls, created_at, started_at, finished_at
        from campaigns where workspace_id = $1 and id = $2
        """;

    private const string ChangeSql = "select status, leads_counted, cost_usd, ai_calls from campaigns where workspace_id = $1 and id = $2";

    /// <summary>What changes while a campaign works; null when the workspace has none with this id.</summary>
    public async Task<CampaignChange?> ChangeAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (status, counted, cost) = await connection.FirstAsync(
            ChangeSql, row => (row.GetString(0), row.GetInt64(1), new CostFigures(row.GetDecimal(2), row.GetInt64(3))),
            cancellationToken, workspaceId, campaignId);
        if (status is null) return null;
        var (leads, pushes) = await CampaignFigures.ReadAsync(connection, workspaceId, campaignId, counted, cancellationToken);
        return new(status, leads, pushes, cost);
    }

    /// <summary>The campaign; null when the workspace has none with this id. It holds one connection at a time, so whoever calls it must hold none.</summary>
    public async Task<CampaignView?> GetAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        if (await FiguresAsync(workspaceId, campaignId, cancellationToken) is not { } view) return null;
        if (!AsksRun(view.Status, view.WaitsFor, view.WorkflowInstanceId)) return view;
        var run = view.WorkflowInstanceId!.Value;
        return view with { WaitsFor = (await waits.FirstAsync(workspaceId, [run], cancellationToken)).GetValueOrDefault(run) };
    }

    /// <summary>The same as a use case answers it.</summary>
    public async Task<Outcome<CampaignView>> AnswerAsync(Caller caller, Guid campaignId, CancellationToken cancellationToken) =>
        await GetAsync(caller.WorkspaceId, campaignId, cancellationToken) is { } view ? view : CampaignRefusals.NotFound();

    private async Task<CampaignView?> FiguresAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.FirstAsync(CampaignSql, Row.Read, cancellationToken, workspaceId, campaignId);
        if (row is null) return null;
        var (leads, pushes) = await CampaignFigures.ReadAsync(connection, workspaceId, campaignId, row.Counted, cancellationToken);
        var seconds = await StageTimes.ReadAsync(connection, workspaceId, campaignId, cancellationToken);
        return row.View with { Leads = leads, Pushes = pushes, Seconds = seconds };
    }

    /// <summary>Whether only its run can say what it waits for: a time, an event, a task, another workflow that somebody drew in.</summary>
    /// <param name="known">What its rows say.</param>
    public static bool AsksRun(string status, string? known, Guid? run) => known is null && status == CampaignStatus.Running && run is not null;

    private sealed record Row(CampaignView View, long Counted)
    {
        public static Row Read(NpgsqlDataReader row) => new(
            new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3), row.Text(4), row.Maybe<Guid>(5), row.GetString(6),
                JsonSerializer.Deserialize(row.GetString(7), IcpJson.Default.Icp)!, row.GetInt32(8), row.GetInt32(9), row.Maybe<decimal>(10),
                row.GetFieldValue<string[]>(11), null!, null!, new(row.GetDecimal(13), row.GetInt64(14)), null!,
                row.GetFieldValue<DateTimeOffset>(15), row.Maybe<DateTimeOffset>(16), row.Maybe<DateTimeOffset>(17)),
            row.GetInt64(12));
    }
}
