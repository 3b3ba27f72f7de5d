using System.IO.Compression;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Reads definitions from uploaded files: JSON, or zips of it.</summary>
internal static class DefinitionFiles
{
    private const int MostEntries = 1_000;

    /// <summary>Of all files of an upload together, unpacked: counted while they are read, because a zip may say anything about its sizes.</summary>
    public const int MostBytes = 60 * 1024 * 1024;

    public static async Task<(List<(string Name, JsonObject Definition)> Definitions, List<string> Errors)> ReadAsync(IFormFileCollection files, JsonLimits limits, CancellationToken cancellationToken)
    {
        var definitions = new List<(string, JsonObject)>();
        var errors = new List<string>();
        if (files.Count == 0) errors.Add("There is no file.");
        var read = new Unpacked(limits);
        foreach (var file in files)
        {
            await using var stream = file.OpenReadStream();
            if (file.FileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) await ReadZipAsync(file.FileName, stream, read, definitions, errors, cancellationToken);
            else await ReadJsonAsync(file.FileName, stream, read, definitions, errors, cancellationToken);
        }
        return (definitions, errors);
    }

    private static async Task ReadZipAsync(string name, Stream stream, Unpacked read, List<(string, JsonObject)> definitions, List<string> errors, CancellationToken cancellationToken)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            if (zip.Entries.Count > MostEntries)
            {
                errors.Add($"{name}: a zip has at most {MostEntries} files.");
                return;
            }
            foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
            {
                await using var content = await entry.OpenAsync(cancellationToken);
                await ReadJsonAsync(entry.FullName, content, read, definitions, errors, cancellationToken);
                if (errors.Count > 0) return;
            }
        }
        catch (InvalidDataException)
        {
            errors.Add($"{name}: the zip cannot be read.");
        }
    }

    private static async Task ReadJsonAsync(string name, Stream stream, Unpacked read, List<(string, JsonObject)> definitions, List<string> errors, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        if (read.Bytes >= MostBytes)
        {
            errors.Add($"{name}: the files of one upload have at most {MostBytes >> 20} MB together, unpacked.");
            return;
        }

        var body = await StudioBody.CopyAsync(stream, bytes, read.Limits.MaxBytes, cancellationToken)
            ? StudioBody.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), read.Limits) : new([], read.Limits.TooLarge);
        read.Bytes += bytes.Length;
        if (body.Problem is { } problem) errors.Add($"{name}: {problem}");
        else definitions.Add((name, body.Json));
    }

    private sealed class Unpacked(JsonLimits limits)
    {
        public JsonLimits Limits { get; } = limits;

        public long Bytes { get; set; }
    }
}
