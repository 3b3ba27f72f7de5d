using LeadSens.Server.Data;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Instances;

/// <summary>Gives variables of an instance that waits other values.</summary>
internal static class SetVariables
{
    public static async Task<Results<Ok<WholeList<VariableView>>, NotFound, JsonHttpResult<StudioError>>> HandleAsync(
        Guid id, StudioBody body, WorkspaceContext caller, InstanceReader reader, WorkflowService workflows, CancellationToken cancellationToken)
    {
        if (await reader.SummaryAsync(caller.WorkspaceId, id, cancellationToken) is not { } instance) return TypedResults.NotFound();
        if (Values(body) is not { } values) return StudioErrors.BadRequest("variables: a list of objects with the id of a variable and its value is expected.");
        if (instance.Status == "Finished") return StudioErrors.BadRequest("This instance has ended, so its variables stay as they are.");
        var note = AuditLog.Note(new(caller.WorkspaceId, caller.By, "instance.altered", "instance", id, new JsonObject { ["variables"] = values.Count }));
        var errors = await workflows.SetVariablesAsync(id, values, note, cancellationToken);
        if (errors is null) return StudioErrors.BadRequest("This instance runs just now. Nothing was changed; try again when it waits.");
        if (errors.Count > 0) return StudioErrors.BadRequest([.. errors.Select(error => error.Message)]);
        var detail = await reader.ReadAsync(caller.WorkspaceId, id, cancellationToken);
        return TypedResults.Ok(new WholeList<VariableView>([.. detail?.State?.Variables.Select(variable => new VariableView(variable.Id, variable.Name, variable.Value)) ?? []]));
    }

    private static Dictionary<string, JsonElement>? Values(StudioBody body)
    {
        if (body.Json["variables"] is not JsonArray list) return null;
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (item is not JsonObject variable || variable.Text("id") is not { } id || !values.TryAdd(id, JsonSerializer.SerializeToElement(variable["value"]))) return null;
        }

        return values;
    }
}
