using System.Text;

namespace LeadSens.Server.Mail;

/// <summary>The bytes of a mail (RFC 5322): text and HTML as alternatives, everything in ASCII. What a header is made of cannot hold a line break: names and
/// subjects are encoded as soon as they hold anything but plain ASCII.</summary>
internal static class Mime
{
    private const int LongestWord = 45;

    public static byte[] Of(StoredMail mail, Mailbox from)
    {
        var boundary = $"=_{mail.Id:N}";
        var text = new StringBuilder();
        Header(text, "Date", mail.CreatedAt.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", null) + " +0000");
        Header(text, "From", from.Name is { } name ? $"{Words(name)} <{from.Address}>" : from.Address);
        Header(text, "To", mail.Message.To);
        Header(text, "Message-ID", mail.MessageId);
        Header(text, "Subject", Words(mail.Message.Subject));
        Header(text, "Content-Language", mail.Language);
        // Neither an answering machine nor a mailing list shall answer.
        Header(text, "Auto-Submitted", "auto-generated");
        Header(text, "X-Auto-Response-Suppress", "All");
        Header(text, "MIME-Version", "1.0");
        Header(text, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        Part(text, boundary, "text/plain", mail.Message.Text);
        Part(text, boundary, "text/html", mail.Message.Html);
        return Encoding.ASCII.GetBytes(text.Append("\r\n--").Append(boundary).Append("--\r\n").ToString());
    }

    private static void Header(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder text, string boundary, string type, string content) => text.Append("\r\n--").Append(boundary).Append("\r\nContent-Type: ").Append(type)
        .Append("; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n").Append(Lines(Convert.ToBase64String(Encoding.UTF8.GetBytes(content))));

    private static StringBuilder Lines(string base64)
    {
        var lines = new StringBuilder();
        for (var at = 0; at < base64.Length; at += 76) lines.Append(base64.AsSpan(at, Math.Min(76, base64.Length - at))).Append("\r\n");
        return lines;
    }

    /// <summary>Short plain ASCII as it is; anything else as encoded words (RFC 2047), which hold no line break whatever the text holds.</summary>
    private static string Words(string text)
    {
        text = new([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        if (text.Length <= 60 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || " .,-!?'".Contains(letter, StringComparison.Ordinal))) return text;
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(word.ToString()) + rune.Utf8SequenceLength > LongestWord) Flush();
            word.Append(rune.ToString());
        }

        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word.ToString()))}?=");
            word.Clear();
        }
    }
}
