using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>What the caller of a signed link sends along: <c>{"input": …}</c> in the body, or JSON in the query. The page's button sends nothing of its own.</summary>
internal sealed record LinkInput(JsonNode? Value, string? Problem, int Status)
{
    private const int MostBytes = 1024 * 1024;

    public static async Task<LinkInput> ReadAsync(HttpRequest request, string? query, CancellationToken cancellationToken)
    {
        if (request.HasFormContentType) return Parse(query);
        var bytes = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MostBytes) return new(null, "The body is larger than 1 MiB.", StatusCodes.Status413PayloadTooLarge);
        if (length == 0) return Parse(query);
        var body = StudioBody.Parse(bytes.AsSpan(0, length), JsonLimits.Default);
        return body.Problem is { } problem ? new(null, problem, StatusCodes.Status400BadRequest) : new(body.Json["input"], null, StatusCodes.Status200OK);
    }

    private static LinkInput Parse(string? json)
    {
        if (string.IsNullOrEmpty(json)) return new(null, null, StatusCodes.Status200OK);
        if (JsonLimits.Default.ProblemOf(System.Text.Encoding.UTF8.GetBytes(json)) is { } problem) return new(null, $"in: {problem}", StatusCodes.Status400BadRequest);
        try
        {
            return new(JsonNode.Parse(json), null, StatusCodes.Status200OK);
        }
        catch (JsonException broken)
        {
            return new(null, $"in: the text is not JSON: {broken.Message}", StatusCodes.Status400BadRequest);
        }
    }
}
