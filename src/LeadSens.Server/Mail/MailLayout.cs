using System.Text;
using System.Text.Encodings.Web;

namespace LeadSens.Server.Mail;

/// <summary>The one layout of all mails, as text and as HTML. Every value goes through <see cref="Text"/> on its way into HTML; there are no pictures, scripts or
/// addresses of others in it. Styles stand in the elements, because that is what mail programs read.</summary>
internal static class MailLayout
{
    private const string Wide = "max-width:34rem;margin:0 auto;padding:1.5rem;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1c2333";

    public static string TextOf(MailContent mail, string language)
    {
        var text = new StringBuilder();
        foreach (var paragraph in mail.Paragraphs) text.Append(OneLine(paragraph)).Append("\n\n");
        foreach (var (label, value) in mail.Facts ?? []) text.Append(label).Append(Colon(language)).Append(OneLine(value)).Append('\n');
        if (mail.Facts is not null) text.Append('\n');
        if (mail.Button is { } button) text.Append(button.Label).Append(Colon(language)).Append('\n').Append(button.Url).Append("\n\n");
        if (mail.AfterButton is { } after) text.Append(OneLine(after)).Append("\n\n");
        return text.Append("-- \n").Append(OneLine(mail.Small)).Append("\nLeadSens\n").ToString();
    }

    public static string HtmlOf(MailContent mail, string language)
    {
        var html = new StringBuilder($"""
            <!doctype html>
            <html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Text(mail.Subject)}</title></head>
            <body style="margin:0;background:#f3f5fa"><div style="{Wide}">
            <p style="margin:0 0 1rem;font-weight:600;color:#14213d">LeadSens</p>
            <div style="background:#fff;border:1px solid #dde2ec;border-radius:8px;padding:1.5rem">
            """);
        foreach (var paragraph in mail.Paragraphs) html.Append("<p style=\"margin:0 0 1rem\">").Append(Text(paragraph)).Append("</p>\n");
        Facts(html, mail.Facts);
        if (mail.Button is { } button)
            html.Append($"<p style=\"margin:1.5rem 0\"><a href=\"{Text(button.Url)}\" style=\"display:inline-block;background:#14213d;color:#fff;text-decoration:none;padding:.7rem 1.4rem;border-radius:6px\">{Text(button.Label)}</a></p>\n");
        if (mail.AfterButton is { } after) html.Append("<p style=\"margin:0\">").Append(Text(after)).Append("</p>\n");
        return html.Append("</div><p style=\"margin:1rem 0 0;font-size:14px;color:#5b6478\">").Append(Text(mail.Small)).Append("</p></div></body></html>\n").ToString();
    }

    private static void Facts(StringBuilder html, IReadOnlyList<(string Label, string Value)>? facts)
    {
        if (facts is null) return;
        html.Append("<table style=\"border-collapse:collapse;margin:0 0 1rem\">");
        foreach (var (label, value) in facts)
            html.Append("<tr><th style=\"text-align:left;font-weight:400;color:#5b6478;padding:.2rem 1rem .2rem 0;vertical-align:top\">").Append(Text(label))
                .Append("</th><td style=\"padding:.2rem 0;overflow-wrap:anywhere\">").Append(Text(value)).Append("</td></tr>");
        html.Append("</table>\n");
    }

    private static string Colon(string language) => language == Language.French ? " : " : ": ";

    /// <summary>A value with line breaks of its own could pass for a part of the mail.</summary>
    private static string OneLine(string value) => new([.. value.Select(letter => char.IsControl(letter) ? ' ' : letter)]);

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
