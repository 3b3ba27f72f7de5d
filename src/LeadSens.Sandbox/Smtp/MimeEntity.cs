using System.Text;

namespace LeadSens.Sandbox.Smtp;

/// <summary>A message or a part of one: its headers, decoded, and its body as it came.</summary>
internal sealed class MimeEntity
{
    private readonly string body;

    private MimeEntity(Dictionary<string, string> headers, string body) => (Headers, this.body) = (headers, body);

    public IReadOnlyDictionary<string, string> Headers { get; }

    public static MimeEntity Read(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = end < 0 ? text : text[..end];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal).Split('\n'))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                headers.TryAdd(line[..colon].Trim(), EncodedWords.Decode(line[(colon + 1)..].Trim()));
            }
        }

        return new(headers, end < 0 ? "" : text[(end + 2)..]);
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The text of the first part with this type; null where there is none.</summary>
    public string? TextOf(string type)
    {
        var own = Header("Content-Type") ?? "text/plain";
        if (own.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return Parts(own).Select(part => part.TextOf(type)).FirstOrDefault(text => text is not null);
        }

        return own.StartsWith(type, StringComparison.OrdinalIgnoreCase) ? Decoded() : null;
    }

    private IEnumerable<MimeEntity> Parts(string type)
    {
        var at = type.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return [];
        }

        var boundary = type[(at + 9)..].Split(';')[0].Trim().Trim('"');
        return body.Split($"--{boundary}").Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).Select(part => Read(part.TrimStart('\n')));
    }

    private string Decoded() => Header("Content-Transfer-Encoding")?.ToLowerInvariant() switch
    {
        "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
        "quoted-printable" => EncodedWords.QuotedPrintable(body.Replace("=\n", "", StringComparison.Ordinal)),
        _ => body,
    };
}
