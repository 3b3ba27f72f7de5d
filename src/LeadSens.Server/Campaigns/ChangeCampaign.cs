using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Changes a draft; a field that is absent stays. The budget of a campaign that runs may be changed too.</summary>
internal sealed class ChangeCampaign(Database database, CampaignTargets targets, CampaignStart start, CampaignViews views)
    : IUseCase<ChangeCampaign, ChangeCampaign.Request, CampaignView>
{
    public sealed record Request(Guid Id, CampaignRequest Change);

    private const string DraftSql = """
        update campaigns set name = $3, icp = $4::jsonb, lead_limit = $5, threshold = $6, budget_usd = $7::numeric, targets = $8, workflow = $9
        where workspace_id = $1 and id = $2 and status = 'Draft'
        """;

    private const string BudgetSql = "update campaigns set budget_usd = $3 where workspace_id = $1 and id = $2 and status not in ('Completed', 'Cancelled')";

    public static UseCase Declaration { get; } = new("changeCampaign", "Change a draft, or the budget of a campaign that runs", Permission.Work,
        Effect.Changes, "campaign.changed");

    public async Task<Outcome<CampaignView>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(caller.WorkspaceId, request.Id, cancellationToken);
        if (view is null) return CampaignRefusals.NotFound();
        var whole = Merge(request.Change, view);
        var errors = CampaignRules.Check(whole, targets);
        if (!errors.Any) await start.CheckWorkflowAsync(caller.WorkspaceId, whole.Workflow!, errors, cancellationToken);
        if (errors.Any && !Once.WasDone) return Refusal.Invalid(errors);
        var changed = await database.CommitAsync<Done>(async connection =>
        {
            if (await WriteAsync(connection, caller.WorkspaceId, request.Id, request.Change, whole, targets.Of(whole), cancellationToken) == 0)
                return CampaignRefusals.WrongStatus(view.Status, "changed");
            await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, Declaration.Audits!, "campaign", request.Id), cancellationToken);
            return default(Done);
        }, cancellationToken);
        return changed.Refusal ?? await views.AnswerAsync(caller, request.Id, cancellationToken);
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
