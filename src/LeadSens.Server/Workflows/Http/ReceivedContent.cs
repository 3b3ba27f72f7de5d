using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Api;
using LeadSens.Server.Studio;
using LeadSens.Server.Web;

namespace LeadSens.Server.Workflows.Http;

/// <summary>What a request carries: JSON, a form with its files, text or bytes.</summary>
/// <param name="Problem">What the endpoint does not take; the graph may have a way for it.</param>
/// <param name="Refusal">What nobody takes.</param>
internal sealed record ReceivedContent(JsonNode? Content, JsonArray? Files, string? Problem, string? Detail, IResult? Refusal)
{
    private const int MostFields = 1_000;

    public static ReceivedContent Wrong(string problem, string detail) => new(null, null, problem, detail, null);

    public IResult Refuse() => Problem is HttpEndpointRules.RequestTooLarge or HttpEndpointRules.FileTooLarge
        ? Problems.Of(StatusCodes.Status413PayloadTooLarge, "payload_too_large", "The request is too large.", Detail)
        : Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "This kind of file is not taken here.", Detail);

    public static async Task<ReceivedContent> ReadAsync(HttpRequest request, MemoryStream body, HttpEndpointRules rules, CancellationToken cancellationToken)
    {
        if (request.HasFormContentType) return await ReadFormAsync(request, body, rules, cancellationToken);
        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        var mediaType = request.ContentType?.Split(';')[0].Trim();
        if (!bytes.IsEmpty && HttpText.IsJson(mediaType) && !HttpText.TryParse(Encoding.UTF8.GetString(bytes), out _)) return Malformed("The body is not well-formed JSON.");
        var content = HttpText.Read(request.ContentType, bytes);
        if (content.ValueKind == JsonValueKind.String ? TextRule.StorageProblemOf(content.GetString()) is not null : content.ValueKind != JsonValueKind.Undefined && JsonLimits.Default.ProblemOf(Encoding.UTF8.GetBytes(content.GetRawText())) is not null)
            return Malformed("The body holds characters that no text has, or too many values.");
        return new(content.ValueKind == JsonValueKind.Undefined ? null : JsonNode.Parse(content.GetRawText()), null, null, null, null);
    }

    private static async Task<ReceivedContent> ReadFormAsync(HttpRequest request, MemoryStream body, HttpEndpointRules rules, CancellationToken cancellationToken)
    {
        try
        {
            request.Body = body;
            var form = await request.ReadFormAsync(new() { ValueCountLimit = MostFields, MultipartBodyLengthLimit = body.Length }, cancellationToken);
            CheckedForm.Check(form);
            if (form.Files.Select(file => ProblemOf(file, rules)).FirstOrDefault(problem => problem is not null) is { } problem) return problem;
            var fields = new JsonObject(form.Select(field => KeyValuePair.Create(field.Key, field.Value.Count == 1 ? JsonValue.Create(field.Value[0]) : (JsonNode)new JsonArray([.. field.Value.Select(value => (JsonNode?)value)]))));
            var files = new JsonArray();
            foreach (var file in form.Files) files.Add(await ReadAsync(file, cancellationToken));
            return new(fields, files, null, null, null);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or BadHttpRequestException)
        {
            return Malformed("The form cannot be read.");
        }
    }

    private static ReceivedContent? ProblemOf(IFormFile file, HttpEndpointRules rules)
    {
        var extension = Path.GetExtension(file.FileName);
        if (file.Length > (rules.FileSizeLimit ?? long.MaxValue)) return Wrong(HttpEndpointRules.FileTooLarge, $"A file has at most {rules.FileSizeLimit} bytes here.");
        if (rules.AllowedFileExtensions.Count > 0 && !Has(rules.AllowedFileExtensions, extension)) return Wrong(HttpEndpointRules.InvalidExtension, $"Only {string.Join(", ", rules.AllowedFileExtensions)} are taken here.");
        if (Has(rules.BlockedFileExtensions, extension)) return Wrong(HttpEndpointRules.InvalidExtension, $"Not taken here are {string.Join(", ", rules.BlockedFileExtensions)}.");
        return rules.AllowedMimeTypes.Count == 0 || rules.AllowedMimeTypes.Contains(file.ContentType, StringComparer.OrdinalIgnoreCase)
            ? null : Wrong(HttpEndpointRules.InvalidMimeType, $"Only {string.Join(", ", rules.AllowedMimeTypes)} are taken here.");
    }

    private static bool Has(IReadOnlyList<string> extensions, string extension) => extensions.Any(known => known.TrimStart('.').Equals(extension.TrimStart('.'), StringComparison.OrdinalIgnoreCase));

    private static async Task<JsonObject> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        return new() { ["fileName"] = Path.GetFileName(file.FileName), ["contentType"] = file.ContentType, ["length"] = file.Length, ["content"] = Convert.ToBase64String(content.GetBuffer(), 0, (int)content.Length) };
    }

    private static ReceivedContent Malformed(string detail) => new(null, null, null, null, Problems.Of(StatusCodes.Status400BadRequest, "bad_request", "The request cannot be read.", detail));
}
