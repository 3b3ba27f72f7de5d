using System.Net;
using System.Text;

namespace LeadSens.Sandbox.Smtp;

/// <summary>The mails for a person: the list, and one as a mail program would show it.</summary>
internal static class MailPage
{
    private const string Head = """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mail · LeadSens Sandbox</title>
        <style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1c2333}table{border-collapse:collapse;width:100%}
        th,td{text-align:left;padding:.4rem .75rem;border-bottom:1px solid #dde2ec;vertical-align:top}th{font-weight:600;white-space:nowrap}td.t{white-space:nowrap;color:#5b6478}
        a{color:#1d4f91}iframe{width:100%;height:34rem;border:1px solid #dde2ec;border-radius:6px;background:#fff}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f5f7fb;padding:1rem;border-radius:6px}</style></head><body>
        """;

    public static string List(IReadOnlyList<ReceivedMail> mails)
    {
        var page = new StringBuilder(Head).Append("<p><a href='/_sandbox'>Sandbox</a></p><h1>Mail</h1>");
        if (mails.Count == 0)
        {
            return page.Append("<p>No mail has been sent.</p></body></html>").ToString();
        }

        page.Append("<table><tr><th>Received (UTC)</th><th>To</th><th>Subject</th></tr>");
        foreach (var mail in mails.Reverse())
        {
            page.Append($"<tr><td class='t'>{mail.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}</td><td>{Text(string.Join(", ", mail.To))}</td><td><a href='/_sandbox/mail/{mail.Id}'>{Text(mail.Subject)}</a></td></tr>");
        }

        return page.Append("</table></body></html>").ToString();
    }

    /// <summary>The mail's HTML stands in a frame without scripts and without our origin; its links open beside it.</summary>
    public static string One(ReceivedMail mail)
    {
        var page = new StringBuilder(Head).Append($"<p><a href='/_sandbox/mail'>All mails</a></p><h1>{Text(mail.Subject)}</h1><table>");
        foreach (var name in (string[])["From", "To", "Date", "Message-ID", "Content-Language"])
        {
            page.Append($"<tr><th>{name}</th><td>{Text(mail.Headers.GetValueOrDefault(name))}</td></tr>");
        }

        page.Append("</table>");
        if (mail.Html is { } html)
        {
            page.Append($"<h2>As HTML</h2><iframe title='The mail as HTML' sandbox='allow-popups allow-popups-to-escape-sandbox' srcdoc=\"{Text($"<base target='_blank'>{html}")}\"></iframe>");
        }

        return page.Append($"<h2>As text</h2><pre>{Text(mail.Text)}</pre><details><summary>As it came</summary><pre>{Text(mail.Raw)}</pre></details></body></html>").ToString();
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
