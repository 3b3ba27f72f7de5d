using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Creates a campaign, and starts it unless told otherwise.</summary>
internal sealed class CreateCampaign(Database database, CampaignTargets targets, CampaignStart start, CampaignViews views, TimeProvider time)
    : IUseCase<CreateCampaign, CampaignRequest, CampaignView>
{
    private const string InsertSql = """
        insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, budget_usd, targets, workflow, workflow_instance_id, created_at)
        values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8::numeric, $9, $10, $11, $12)
        """;

    public static UseCase Declaration { get; } = new("createCampaign", "Make a campaign and, unless told otherwise, start it", Permission.Work,
        Effect.Spends, "campaign.made");

    public async Task<Outcome<CampaignView>> RunAsync(Caller caller, CampaignRequest request, CancellationToken cancellationToken)
    {
        var errors = CampaignRules.Check(request, targets);
        if (!errors.Any) await start.CheckWorkflowAsync(caller.WorkspaceId, request.Workflow ?? CampaignRules.DefaultWorkflow, errors, cancellationToken);
        if (errors.Any && !Once.WasDone) return Refusal.Invalid(errors);

        var starts = request.Start ?? true;
        var made = await database.CommitAsync(connection => WriteAsync(connection, caller, request, starts, cancellationToken), cancellationToken);
        if (starts) await start.RunAsync(caller.WorkspaceId, made.Value, cancellationToken);
        return await views.AnswerAsync(caller, made.Value, cancellationToken);
    }

    /// <summary>The run's id is chosen here, so that starting twice starts one run.</summary>
    private async Task<Outcome<Guid>> WriteAsync(NpgsqlConnection connection, Caller caller, CampaignRequest request, bool starts,
        CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await connection.ExecuteAsync(InsertSql, cancellationToken,
            id, caller.WorkspaceId, request.Name!.Trim(), CampaignStatus.Draft, CampaignRules.ToJson(request.Icp!), (int)request.Limit!.Value,
            (int)(request.Threshold ?? CampaignRules.DefaultThreshold), request.BudgetUsd, targets.Of(request),
            request.Workflow ?? CampaignRules.DefaultWorkflow, Guid.CreateVersion7(), time.GetUtcNow());
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, Declaration.Audits!, "campaign", id), cancellationToken);
        if (starts) await start.BeginAsync(connection, caller, id, cancellationToken);
        return id;
    }
}
