using System.Net.Http.Headers;

namespace LeadSens.Engine.BuiltIn;

/// <summary>What an answer may not do, because it comes from the origin that people are signed in to.</summary>
internal static class HttpAnswerRules
{
    private const int LongestValue = 8_000, MostHeaders = 50;

    /// <summary>They would set cookies, loosen or replace the protection of this origin, redirect its traffic, or steer the connection.</summary>
    private static readonly string[] Refused =
    [
        "Set-Cookie", "Set-Cookie2", "Clear-Site-Data", "Content-Security-Policy", "Content-Security-Policy-Report-Only", "X-Content-Type-Options", "X-Frame-Options",
        "Strict-Transport-Security", "Public-Key-Pins", "Alt-Svc", "Service-Worker-Allowed", "Access-Control-Allow-Credentials", "Reporting-Endpoints", "Report-To", "NEL", "Expect-CT",
        "Origin-Agent-Cluster", "WWW-Authenticate", "SourceMap", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer",
        "Server", "Date", "X-LeadSens-Workflow-Instance-Id",
    ];

    /// <summary>A page of this origin could run them.</summary>
    private static readonly string[] Scripts = ["javascript", "ecmascript", "jscript", "livescript", "wasm"];

    /// <summary>Null when there is none.</summary>
    public static string? Problem(HttpAnswer answer)
    {
        if (answer.StatusCode is < 200 or > 599) return "Its status is no number from 200 to 599 and no name of one.";
        if (answer.ContentType is { } type && (!IsValue(type) || !MediaTypeHeaderValue.TryParse(type, out _))) return "Its content type is none.";
        if (answer.ContentType is { } script && Array.Exists(Scripts, name => script.Contains(name, StringComparison.OrdinalIgnoreCase))) return $"The content type {script} is a script, which pages of this service could run.";
        if (answer.Headers.Count > MostHeaders) return $"It has more than {MostHeaders} headers.";
        return answer.Headers.Select(header => Problem(header.Key, header.Value)).FirstOrDefault(problem => problem is not null);
    }

    private static string? Problem(string name, string value)
    {
        if (name.Length is 0 or > 100 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return "It has a header whose name is none.";
        if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) return "Its content type has an input of its own.";
        if (Refused.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)) return $"The header {name} cannot be set by a workflow.";
        if (!IsValue(value)) return $"The header {name} holds characters that no header has, or more than {LongestValue}.";
        var isAddress = name.Equals("Location", StringComparison.OrdinalIgnoreCase) || name.Equals("Refresh", StringComparison.OrdinalIgnoreCase);
        return isAddress && value.Contains("script:", StringComparison.OrdinalIgnoreCase) ? $"The header {name} leads to a script." : null;
    }

    private static bool IsValue(string value) => value.Length <= LongestValue && value.All(c => c is >= ' ' and < (char)127);
}
