using System.IO.Compression;
using System.Text.Json;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Instances;

/// <summary>Instances as files: one as JSON, several as a zip. They can be read, and brought back by an import.</summary>
internal static class ExportInstances
{
    private const int Most = 1_000;

    public static async Task<Results<FileContentHttpResult, NotFound>> OneAsync(Guid id, WorkspaceContext caller, InstanceReader reader, InstanceFiles files, CancellationToken cancellationToken) =>
        await BytesAsync(id, caller, reader, files, cancellationToken) is { } bytes ? TypedResults.File(bytes, "application/json", FileName(id)) : TypedResults.NotFound();

    public static async Task<Results<FileContentHttpResult, JsonHttpResult<StudioError>>> ManyAsync(
        InstanceIds request, WorkspaceContext caller, InstanceReader reader, InstanceFiles files, CancellationToken cancellationToken)
    {
        var ids = (request.Ids ?? []).Distinct().ToList();
        if (ids.Count > Most) return StudioErrors.BadRequest($"ids: at most {Most} instances at once.");
        using var file = new MemoryStream();
        var written = 0;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var id in ids)
            {
                if (await BytesAsync(id, caller, reader, files, cancellationToken) is not { } bytes) continue;
                await using var entry = await zip.CreateEntry(FileName(id)).OpenAsync(cancellationToken);
                await entry.WriteAsync(bytes, cancellationToken);
                written++;
            }
        }

        return written > 0 ? TypedResults.File(file.ToArray(), "application/zip", "workflow-instances.zip") : StudioErrors.NotFound("None of these instances is here.");
    }

    private static async Task<byte[]?> BytesAsync(Guid id, WorkspaceContext caller, InstanceReader reader, InstanceFiles files, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(caller.WorkspaceId, id, cancellationToken) is not { } detail || await files.WriteAsync(caller.WorkspaceId, id, cancellationToken) is not { } rows) return null;
        var json = JsonSerializer.SerializeToNode(InstanceView.Of(detail), JsonSerializerOptions.Web)!.AsObject();
        json[InstanceFiles.Property] = rows;
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private static string FileName(Guid id) => $"workflow-instance-{id}.json";
}
