using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>Creates a campaign, and starts it unless told otherwise.</summary>
internal static class CreateCampaign
{
    private const string InsertSql = """
        insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, budget_usd, targets, workflow, workflow_instance_id, created_at)
        values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8::numeric, $9, $10, $11, $12)
        """;

    public static async Task<Results<Created<CampaignView>, ProblemHttpResult>> HandleAsync(
        CampaignRequest request, WorkspaceContext caller, Database database, CampaignTargets targets, CampaignStart start, CampaignViews views,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = CampaignRules.Check(request, targets);
        if (!errors.Any) await start.CheckWorkflowAsync(caller.WorkspaceId, request.Workflow ?? CampaignRules.DefaultWorkflow, errors, cancellationToken);
        if (errors.Any) return Problems.Validation(errors.ByField);

        var id = Guid.CreateVersion7();
        await InsertAsync(database, caller, id, request, targets.Of(request), time.GetUtcNow(), cancellationToken);
        if (request.Start ?? true) await start.StartAsync(caller, id, cancellationToken);
        var view = await views.GetAsync(caller.WorkspaceId, id, cancellationToken);
        return TypedResults.Created($"/api/campaigns/{id}", view!);
    }

    /// <summary>The run's id is chosen here, so that starting twice starts one run.</summary>
    private static Task<int> InsertAsync(Database database, WorkspaceContext caller, Guid id, CampaignRequest request, string[] targets, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        database.ChangeAsync(new(caller.WorkspaceId, caller.By, "campaign.made", "campaign", id), connection => connection.ExecuteAsync(InsertSql, cancellationToken,
            id, caller.WorkspaceId, request.Name!.Trim(), CampaignStatus.Draft, CampaignRules.ToJson(request.Icp!), (int)request.Limit!.Value,
            (int)(request.Threshold ?? CampaignRules.DefaultThreshold), request.BudgetUsd, targets,
            request.Workflow ?? CampaignRules.DefaultWorkflow, Guid.CreateVersion7(), now), cancellationToken);
}
