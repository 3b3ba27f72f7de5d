using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Changes a draft; a field that is absent stays. The budget of a campaign that runs may be changed too.</summary>
internal static class ChangeCampaign
{
    private const string DraftSql = """
        update campaigns set name = $3, icp = $4::jsonb, lead_limit = $5, threshold = $6, budget_usd = $7::numeric, targets = $8, workflow = $9
        where workspace_id = $1 and id = $2 and status = 'Draft'
        """;

    private const string BudgetSql = "update campaigns set budget_usd = $3 where workspace_id = $1 and id = $2 and status not in ('Completed', 'Cancelled')";

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, CampaignRequest request, WorkspaceContext caller, Database database, CampaignTargets targets, CampaignStart start, CampaignViews views,
        CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(caller.WorkspaceId, id, cancellationToken);
        if (view is null) return CampaignProblems.NotFound();
        var whole = Merge(request, view);
        var errors = CampaignRules.Check(whole, targets);
        if (!errors.Any) await start.CheckWorkflowAsync(caller.WorkspaceId, whole.Workflow!, errors, cancellationToken);
        if (errors.Any) return Problems.Validation(errors.ByField);
        if (await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "campaign.changed", "campaign", id),
            connection => WriteAsync(connection, caller.WorkspaceId, id, request, whole, targets.Of(whole), cancellationToken),
            cancellationToken) == 0) return CampaignProblems.WrongStatus(view.Status, "changed");
        return TypedResults.Ok((await views.GetAsync(caller.WorkspaceId, id, cancellationToken))!);
    }

    private static CampaignRequest Merge(CampaignRequest request, CampaignView view) => new(
        request.Name ?? view.Name, request.Icp ?? view.Icp, request.Limit ?? view.Limit, request.Threshold ?? view.Threshold,
        request.BudgetUsd ?? view.BudgetUsd, request.Targets ?? [.. view.Targets], request.Workflow ?? view.Workflow, null);

    private static Task<int> WriteAsync(NpgsqlConnection connection, Guid workspaceId, Guid id, CampaignRequest request, CampaignRequest whole,
        string[] targets, CancellationToken cancellationToken) =>
        request == new CampaignRequest(null, null, null, null, request.BudgetUsd, null, null, null) && request.BudgetUsd is { } budget
            ? connection.ExecuteAsync(BudgetSql, cancellationToken, workspaceId, id, budget)
            : connection.ExecuteAsync(DraftSql, cancellationToken, workspaceId, id, whole.Name!.Trim(), CampaignRules.ToJson(whole.Icp!),
                (int)whole.Limit!.Value, (int)whole.Threshold!.Value, whole.BudgetUsd, targets, whole.Workflow);
}
