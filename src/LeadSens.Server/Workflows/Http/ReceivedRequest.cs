using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Workflows.Http;

/// <summary>A request as a run gets it, or why no run gets it.</summary>
/// <param name="Payload">Null when it is refused.</param>
internal sealed record ReceivedRequest(JsonObject? Payload, byte[] Fingerprint, IResult? Refusal)
{
    private static readonly string[] Credentials = ["Cookie", ApiKeyAuthentication.Header, SessionGuard.Header];

    public static async Task<ReceivedRequest> ReadAsync(HttpRequest request, string path, HttpEndpointRules rules, int most, CancellationToken cancellationToken)
    {
        var limit = Math.Min(rules.RequestSizeLimit ?? most, most);
        using var body = new MemoryStream();
        var fits = request.ContentLength is not { } announced || announced <= limit;
        if (fits) fits = await CopyAsync(request.Body, body, limit, cancellationToken);
        var payload = Head(request, path, rules);
        var content = fits ? await ReceivedContent.ReadAsync(request, body, rules, cancellationToken) : ReceivedContent.Wrong(HttpEndpointRules.RequestTooLarge, $"A request has at most {limit} bytes here.");
        if (content.Refusal is { } refusal) return new(null, [], refusal);
        if (content.Problem is { } problem)
        {
            if (!rules.Exposed.Contains(problem)) return new(null, [], content.Refuse());
            payload["problem"] = problem;
        }
        else
        {
            payload["content"] = content.Content;
            payload["files"] = content.Files;
        }

        return new(payload, FingerprintOf(request, path, body), null);
    }

    /// <summary>The server has decoded the path, all but slashes.</summary>
    private static JsonObject Head(HttpRequest request, string path, HttpEndpointRules rules) => new()
    {
        ["method"] = request.Method,
        ["path"] = path,
        ["route"] = new JsonObject(HttpRoute.Parse(rules.Path).ValuesOf(path).Select(value => KeyValuePair.Create(value.Key, (JsonNode?)value.Value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)))),
        ["query"] = new JsonObject(request.Query.Select(field => KeyValuePair.Create(field.Key, Values(field.Value)))),
        ["headers"] = new JsonObject(request.Headers.Where(header => !IsCredential(header.Key, header.Value.ToString(), rules)).Select(header => KeyValuePair.Create(header.Key, Values(header.Value)))),
    };

    /// <summary>What opens this service stays out of runs, which are shown and stored. Somebody else's credentials are the workflow's to check.</summary>
    private static bool IsCredential(string name, string value, HttpEndpointRules rules) =>
        Credentials.Contains(name, StringComparer.OrdinalIgnoreCase)
        || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && (rules.Authorize || value.StartsWith(ApiKeyAuthentication.SchemeName, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? Values(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 1 ? JsonValue.Create(values[0]) : new JsonArray([.. values.Select(value => (JsonNode?)value)]);

    private static byte[] FingerprintOf(HttpRequest request, string path, MemoryStream body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new[] { request.Method, path, request.QueryString.Value, request.ContentType })));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        return hash.GetHashAndReset();
    }

    private static async Task<bool> CopyAsync(Stream from, MemoryStream to, long limit, CancellationToken cancellationToken)
    {
        var part = new byte[16 * 1024];
        for (int read; (read = await from.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (to.Length + read > limit) return false;
            to.Write(part, 0, read);
        }

        to.Position = 0;
        return true;
    }
}
