using LeadSens.Server.Data;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Definitions as files that any Elsa 3 takes: one as JSON, several as a zip.</summary>
internal static class ExportDefinitions
{
    /// <summary>For people: letters stay letters.</summary>
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<Results<FileContentHttpResult, JsonHttpResult<StudioError>>> OneAsync(
        string definitionId, string? versionOptions, bool? includeConsumingWorkflows, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        if (!VersionOptions.TryParse(versionOptions, VersionOptions.Latest, out var which)) return StudioErrors.BadRequest($"'{versionOptions}' says no version.");
        var found = await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, which, cancellationToken);
        if (found is null) return GetDefinition.Missing(definitionId);
        List<DefinitionVersion> all = includeConsumingWorkflows == true ? await Consumers.WithAsync(database, caller.WorkspaceId, [found], cancellationToken) : [found];
        return all.Count > 1 ? Zip(all) : TypedResults.File(Bytes(found), "application/json", FileName(found));
    }

    public static async Task<Results<FileContentHttpResult, JsonHttpResult<StudioError>>> ManyAsync(
        StudioBody body, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        var found = await database.FindVersionsAsync(caller.WorkspaceId, body.Texts("ids"), cancellationToken);
        if (found.Count == 0) return StudioErrors.NotFound("None of these workflows is here.");
        return Zip(body.Flag("includeConsumingWorkflows") ? await Consumers.WithAsync(database, caller.WorkspaceId, found, cancellationToken) : found);
    }

    private static FileContentHttpResult Zip(List<DefinitionVersion> versions)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var version in versions)
            {
                using var entry = zip.CreateEntry(FileName(version)).Open();
                entry.Write(Bytes(version));
            }
        }
        return TypedResults.File(file.ToArray(), "application/zip", "workflow-definitions.zip");
    }

    private static byte[] Bytes(DefinitionVersion version) => Encoding.UTF8.GetBytes(DefinitionViews.Export(version).ToJsonString(Readable));

    private static string FileName(DefinitionVersion version) => $"workflow-definition-{version.DefinitionId.Replace(':', '-')}-v{version.Version}.json";
}
