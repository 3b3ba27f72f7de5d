using System.Text.Json.Serialization;
using LeadSens.Server.Identity;
using LeadSens.Server.Studio.Definitions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Studio.Instances;

internal sealed record ImportedInstances([property: JsonPropertyName("imported")] int Count);

/// <summary>Brings exported instances back with their state and what they wait for: all of the files or, when one cannot be taken, none. What exists is
/// never overwritten.</summary>
internal static class ImportInstances
{
    public static async Task<Results<Ok<ImportedInstances>, JsonHttpResult<StudioError>>> HandleAsync(
        HttpRequest request, WorkspaceContext caller, InstanceFiles instances, IOptions<JsonLimits> limits, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType) return StudioErrors.BadRequest("Send the files as multipart/form-data in the field 'files'.");
        var form = await request.ReadFormAsync(cancellationToken);
        var (read, problems) = await DefinitionFiles.ReadAsync(form.Files, limits.Value with { MaxBytes = JsonLimits.MostBytes }, cancellationToken);
        var opened = new List<(string, string)>();
        foreach (var (name, json) in read)
        {
            var (content, problem) = instances.Open(json, caller.WorkspaceId);
            if (content is null) problems.Add($"{name}: {problem}");
            else opened.Add((name, content));
        }

        if (problems.Count == 0) problems = await instances.ReadAsync(opened, caller, cancellationToken);
        return problems.Count > 0 ? StudioErrors.BadRequest([.. problems]) : TypedResults.Ok(new ImportedInstances(opened.Count));
    }
}
