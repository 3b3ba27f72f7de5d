using System.Net.Http.Headers;
using System.Text;
using LeadSens.Engine.BuiltIn;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Makes the request of a box, or says what is wrong with it.</summary>
internal static class CallMessage
{
    private const int LongestUrl = 8_000, MostHeaders = 100, LongestValue = 8_000;
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Headers that say how the connection is used, not what is asked for.</summary>
    private static readonly string[] OfTheConnection =
        ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Upgrade", "Expect", "TE", "Trailer", "Proxy-Authorization", "Proxy-Connection", "HTTP2-Settings"];

    /// <summary>What goes along to another origin after a redirect: nothing that may be a credential.</summary>
    private static readonly string[] Harmless = ["Accept", "Accept-Language", "User-Agent", IdempotencyKey];

    public static string? Problem(HttpCall call)
    {
        if (Address(call.Url) is not { } address) return $"'{Short(call.Url)}' is no http:// or https:// address.";
        if (address.UserInfo.Length > 0) return "The address holds a user; send an Authorization instead.";
        if (call.Method.Length is 0 or > 20 || !call.Method.All(char.IsAsciiLetter)) return $"'{Short(call.Method)}' is no HTTP method.";
        if (call.Method.ToUpperInvariant() is "CONNECT" or "TRACE") return $"The method {call.Method} is not allowed.";
        if (call.Headers.Count > MostHeaders) return $"It has more than {MostHeaders} headers.";
        foreach (var (name, value) in call.Headers)
        {
            if (name.Length == 0 || !name.All(IsToken)) return $"'{Short(name)}' is no name of a header.";
            if (OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase)) return $"The header {name} cannot be set.";
            if (!IsValue(value)) return $"The header {name} holds characters that no header has, or more than {LongestValue}.";
        }

        if (call.Authorization is { Length: > 0 } credential && (!IsValue(credential) || call.ValidatesAuthorization && !AuthenticationHeaderValue.TryParse(credential, out _)))
            return "The Authorization is not valid; it is a scheme and its parameter.";
        return call.ContentType is { } type && !MediaTypeHeaderValue.TryParse(type, out _) ? $"'{Short(type)}' is no content type." : null;
    }

    /// <summary>The first message of a call without a <see cref="Problem"/>.</summary>
    public static HttpRequestMessage Of(HttpCall call)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(call.Method.ToUpperInvariant()), Address(call.Url));
        if (call.Content is { } content)
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(call.ContentType!) } };
        foreach (var (name, value) in call.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.Authorization is { Length: > 0 } credential)
        {
            message.Headers.Remove("Authorization");
            message.Headers.TryAddWithoutValidation("Authorization", credential);
        }

        if (!message.Headers.Contains("User-Agent")) message.Headers.TryAddWithoutValidation("User-Agent", "LeadSens");
        if (!IsIdempotent(message.Method) && !message.Headers.Contains(IdempotencyKey)) message.Headers.TryAddWithoutValidation(IdempotencyKey, call.IdempotencyKey);
        return message;
    }

    /// <summary>The message that follows a redirect.</summary>
    /// <param name="keepsBody">True when the method and the body are sent again.</param>
    public static HttpRequestMessage To(Uri target, HttpRequestMessage message, bool keepsBody)
    {
        var next = new HttpRequestMessage(keepsBody || message.Method == HttpMethod.Head ? message.Method : HttpMethod.Get, target) { Content = keepsBody ? message.Content : null };
        var stays = Uri.Compare(message.RequestUri, target, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
        foreach (var (name, values) in message.Headers.NonValidated)
        {
            if (stays || Harmless.Contains(name, StringComparer.OrdinalIgnoreCase)) next.Headers.TryAddWithoutValidation(name, values);
        }

        return next;
    }

    public static bool IsIdempotent(HttpMethod method) => method.Method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";

    public static Uri? Address(string url) =>
        url.Length <= LongestUrl && !url.Any(char.IsControl) && Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && uri.Host.Length > 0 ? uri : null;

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);

    private static bool IsValue(string value) => value.Length <= LongestValue && value.All(c => c is '\t' or (>= ' ' and < (char)127));

    private static string Short(string text) => text.Length > 100 ? text[..100] + "…" : text;
}
