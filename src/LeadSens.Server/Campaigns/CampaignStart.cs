using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Starts a campaign's run. The status moves first, the run follows with the id that the campaign carries since its creation:
/// whoever comes later (a second click, the sweep after a crash in between) starts the same run. It is written under the campaign's lock, so that a campaign that
/// was paused or cancelled meanwhile gets none.</summary>
internal sealed class CampaignStart(Database database, WorkflowService workflows, DefinitionStore definitions, TimeProvider time)
{
    private const string BeginSql = """
        update campaigns set status = 'Running', started_at = $3, started_by = $4 where workspace_id = $1 and id = $2 and status = 'Draft'
        """;

    private const string RunSql = "select workflow, workflow_instance_id, threshold, lead_limit, targets from campaigns where workspace_id = $1 and id = $2";

    private const string RefusedSql = "update campaigns set status = 'Faulted', fault = $3, finished_at = now() where workspace_id = $1 and id = $2 and status = 'Running'";

    /// <summary>Moves a draft, in the caller's transaction; after its commit comes <see cref="RunAsync"/>. False when the campaign was not a draft
    /// any more.</summary>
    public async Task<bool> BeginAsync(NpgsqlConnection connection, Caller caller, Guid campaignId, CancellationToken cancellationToken)
    {
        if (await connection.ExecuteAsync(BeginSql, cancellationToken, caller.WorkspaceId, campaignId, time.GetUtcNow(), caller.Name) == 0) return false;
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, StartCampaign.Declaration.Audits!, "campaign", campaignId),
            cancellationToken);
        return true;
    }

    /// <summary>Writes the run of a campaign that is Running, for any node to take; a run that exists already goes on as it is.</summary>
    public async Task RunAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        var run = await database.FirstAsync(RunSql, Read, cancellationToken, workspaceId, campaignId) ?? throw new InvalidOperationException("The campaign is gone.");
        var errors = await definitions.PublishedVersionAsync(workspaceId, run.Workflow, cancellationToken) is { } version
            ? await workflows.DispatchAsync([new(run.InstanceId, workspaceId, version, campaignId.ToString(), run.Input)], cancellationToken,
                async connection => await CampaignLock.TakeAsync(connection, workspaceId, campaignId, cancellationToken) is { Status: CampaignStatus.Running })
            : [new DefinitionError(null, "workflow", $"There is no published workflow '{run.Workflow}'.")];
        if (errors.Count > 0) await database.ExecuteAsync(RefusedSql, cancellationToken, workspaceId, campaignId, Say(errors[0]));
    }

    /// <summary>Says at the field what keeps the workflow from running.</summary>
    public async Task CheckWorkflowAsync(Guid workspaceId, string definitionId, FieldErrors errors, CancellationToken cancellationToken)
    {
        var version = await definitions.PublishedVersionAsync(workspaceId, definitionId, cancellationToken);
        if (version is null) errors.Add("workflow", $"There is no published workflow '{definitionId}'.");
        else if (await definitions.FindAsync(version, cancellationToken) is null) errors.Add("workflow", $"The workflow '{definitionId}' has errors; open it and correct its boxes.");
    }

    private static string Say(DefinitionError error) => error.ActivityId is null ? error.Message : $"{error.ActivityId}: {error.Message}";

    private static Run Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetGuid(1), new JsonObject
    {
        ["Threshold"] = row.GetInt32(2),
        ["Limit"] = row.GetInt32(3),
        ["Targets"] = new JsonArray([.. row.GetFieldValue<string[]>(4).Select(target => JsonValue.Create(target))]),
    });

    private sealed record Run(string Workflow, Guid InstanceId, JsonObject Input);
}
