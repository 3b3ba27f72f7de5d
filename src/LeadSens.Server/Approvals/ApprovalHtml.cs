using System.Text;
using System.Text.Encodings.Web;

namespace LeadSens.Server.Approvals;

/// <summary>The HTML of the approval page. Every text that comes from elsewhere goes through <see cref="Text"/>.</summary>
internal static class ApprovalHtml
{
    private const string Style = """
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; background: #fff }
        fieldset { border: 1px solid #767676; border-radius: .4rem; margin: 1.5rem 0; padding: 1rem }
        legend { font-weight: 600 } .mail { border-left: 3px solid #767676; padding-left: 1rem; margin: 1rem 0 }
        .text { white-space: pre-wrap; overflow-wrap: anywhere } .flag { color: #8a1500 }
        label { display: block; margin: .4rem 0 } input[type=text], textarea { width: 100%; font: inherit; box-sizing: border-box }
        .choice label { display: inline-block; margin-right: 1.2rem } button { font: inherit; padding: .6rem 1.2rem; margin: .3rem .6rem .3rem 0 }
        :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px }
        """;

    public static string Unknown(string nonce) =>
        Message(nonce, "This link opens nothing", "It may be incomplete: copy it whole, or ask for a new one.");

    public static string Closed(string nonce, ApprovalItem approval, LinkedApproval link) => approval.Status switch
    {
        ApprovalStatus.Pending when link.Expired => Message(nonce, "The time to decide is over", "Nothing was decided through this link."),
        ApprovalStatus.Pending => Message(nonce, "This link was used", "Ask for a new one."),
        ApprovalStatus.TimedOut => Message(nonce, "The time to decide is over", "Nobody decided in time."),
        ApprovalStatus.Cancelled => Message(nonce, "The campaign was cancelled", "There is nothing to decide any more."),
        _ => Message(nonce, "This is decided", $"The approval of {approval.Leads} leads ended as: {Words(approval.Status)}."),
    };

    public static string Thanks(string nonce, DecisionResult.Decided decided) => Message(nonce, "Thank you, this is decided",
        $"Ended as: {Words(decided.Status)}. {decided.Approved} approved, {decided.Rejected} rejected, {decided.Open} sent back for changes.");

    public static string Message(string nonce, string title, string text) =>
        Document(nonce, title, new StringBuilder().Append("<h1>").Append(Text(title)).Append("</h1><p>").Append(Text(text)).Append("</p>"));

    public static string Review(string nonce, string token, ReviewPage page)
    {
        var html = new StringBuilder(200_000);
        html.Append("<h1>Review ").Append(page.Approval.Leads).Append(" leads</h1>")
            .Append("<p>Each lead gets the three mails below. Only what you approve is sent, word for word. Please decide before ")
            .Append(page.Approval.ExpiresAt.UtcDateTime.ToString("d MMMM yyyy HH:mm")).Append(" UTC.")
            .Append(page.Approval.BySomebodyElse ? " Somebody else approved them before; you confirm it." : "").Append("</p>")
            .Append("<form method=\"post\" action=\"/approve/").Append(Text(token)).Append("\" accept-charset=\"utf-8\">")
            .Append("<input type=\"hidden\" name=\"seen\" value=\"").Append(page.Approval.ContentHash).Append("\">");
        for (var i = 0; i < page.Leads.Count; i++) LeadHtml.Append(html, page.Leads[i], page.FirstLead + i, mayEdit: !page.Approval.BySomebodyElse);
        Pages(html, page);
        Buttons(html);
        return Document(nonce, $"Review {page.Approval.Leads} leads", html.Append("</form>"));
    }

    public static string Text(string? text) => text is null ? "" : HtmlEncoder.Default.Encode(text);

    private static void Pages(StringBuilder html, ReviewPage page)
    {
        if (page.Pages == 1) return;
        html.Append("<nav aria-label=\"Pages\"><p>Page ").Append(page.Number).Append(" of ").Append(page.Pages)
            .Append(". Going to another page saves your choices and edits on this one; nothing is decided yet.</p>");
        if (page.Number > 1) Go(html, page.Number - 1, "Save, previous page");
        if (page.Number < page.Pages) Go(html, page.Number + 1, "Save, next page");
        html.Append("</nav>");
    }

    private static void Go(StringBuilder html, int page, string label) =>
        html.Append("<button type=\"submit\" name=\"go\" value=\"").Append(page).Append("\">").Append(label).Append("</button>");

    private static void Buttons(StringBuilder html) => html.Append("""
        <fieldset><legend>Your decision</legend>
        <p id="rest">It counts for every lead, on every page, except where you chose something else for a lead.</p>
        <label for="comment">Comment (for changes: what should be different)</label>
        <textarea id="comment" name="comment" rows="3" maxlength="20000"></textarea>
        <button type="submit" name="decision" value="approve" aria-describedby="rest">Approve all</button>
        <button type="submit" name="decision" value="reject" aria-describedby="rest">Reject all</button>
        <button type="submit" name="decision" value="requestChanges" aria-describedby="rest">Request changes</button>
        </fieldset>
        """);

    private static string Words(string status) => status.Replace('_', ' ');

    private static string Document(string nonce, string title, StringBuilder body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex, nofollow">
        <meta name="referrer" content="no-referrer">
        <title>{Text(title)} · LeadSens</title>
        <style nonce="{nonce}">{Style}</style>
        </head>
        <body><main>{body}</main></body>
        </html>
        """;
}
