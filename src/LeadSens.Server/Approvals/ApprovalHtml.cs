using System.Text;
using LeadSens.Server.Pages;

namespace LeadSens.Server.Approvals;

/// <summary>The HTML of the approval page. Every text that comes from elsewhere goes through <see cref="Text"/>.</summary>
internal static class ApprovalHtml
{
    public static PageContent Unknown() =>
        PageContent.Message("This link opens nothing", "It may be incomplete: copy it whole, or ask for a new one.");

    public static PageContent Closed(ApprovalItem approval, LinkedApproval link) => approval.Status switch
    {
        ApprovalStatus.Pending when link.Expired => PageContent.Message("The time to decide is over", "Nothing was decided through this link."),
        ApprovalStatus.Pending => PageContent.Message("This link was used", "Ask for a new one."),
        ApprovalStatus.TimedOut => PageContent.Message("The time to decide is over", "Nobody decided in time."),
        ApprovalStatus.Cancelled => PageContent.Message("The campaign was cancelled", "There is nothing to decide any more."),
        _ => PageContent.Message("This is decided", $"The approval of {approval.Leads} leads ended as: {Words(approval.Status)}."),
    };

    public static PageContent Thanks(DecisionResult.Decided decided) => PageContent.Message("Thank you, this is decided",
        $"Ended as: {Words(decided.Status)}. {decided.Approved} approved, {decided.Rejected} rejected, {decided.Open} sent back for changes.");

    public static PageContent Review(string token, ReviewPage page, LinkedApproval link)
    {
        var html = new StringBuilder(200_000);
        html.Append("<h1>Review ").Append(page.Approval.Leads).Append(" leads</h1>")
            .Append("<p>Each lead gets the three mails below. Only what you approve is sent, word for word. Please decide before ")
            .Append(page.Approval.ExpiresAt.UtcDateTime.ToString("d MMMM yyyy HH:mm")).Append(" UTC.")
            .Append(page.Approval.BySomebodyElse ? " Somebody else approved them before; you confirm it." : "").Append("</p>")
            .Append(link.Email is null ? "" : $"<p class=\"small\">You decide as {Text(link.Email)}. This page is yours alone.</p>")
            .Append("<form method=\"post\" action=\"/approve/").Append(Text(token)).Append("\" accept-charset=\"utf-8\">")
            .Append("<input type=\"hidden\" name=\"seen\" value=\"").Append(page.Approval.ContentHash).Append("\">");
        for (var i = 0; i < page.Leads.Count; i++) LeadHtml.Append(html, page.Leads[i], page.FirstLead + i, mayEdit: !page.Approval.BySomebodyElse);
        Pages(html, page);
        if (page.Differing.Count > 0) List(html.Append("<h2>Not as the rest</h2>"), page.Differing);
        Buttons(html);
        return new($"Review {page.Approval.Leads} leads", html.Append("</form>").ToString(), Wide: true);
    }

    /// <summary>Asks about the leads that were chosen otherwise, before anything is decided.</summary>
    public static PageContent Differs(string token, ReviewForm form, Reviewer reviewer, IReadOnlyList<DifferingLead> differing)
    {
        var html = new StringBuilder("<h1>You chose something else for some leads</h1><p>Nothing is decided yet.</p>");
        List(html, differing.Where(lead => lead.Decision is not null && lead.Decision != form.Decision));
        html.Append("<form method=\"post\" action=\"/approve/").Append(Text(token)).Append("\" accept-charset=\"utf-8\"><input type=\"hidden\" name=\"seen\" value=\"")
            .Append(ContentHash.ToText(reviewer.Seen)).Append("\"><input type=\"hidden\" name=\"decision\" value=\"").Append(form.Decision)
            .Append("\"><input type=\"hidden\" name=\"comment\" value=\"").Append(Text(form.Comment)).Append("\">")
            .Append("<button type=\"submit\" class=\"first\" name=\"all\" value=\"false\">Keep my choices for them, ").Append(Verb(form.Decision)).Append(" the rest</button>")
            .Append("<button type=\"submit\" name=\"all\" value=\"true\">").Append(Verb(form.Decision)).Append(" all, these too</button></form>");
        return new("You chose something else for some leads", html.ToString());
    }

    private static void List(StringBuilder html, IEnumerable<DifferingLead> differing)
    {
        html.Append("<ul>");
        foreach (var lead in differing)
            html.Append("<li>").Append(Text(lead.Name)).Append(lead.Decision is null ? "" : $": you chose to {Verb(lead.Decision)}").Append(lead.Edited ? " (edited)" : "").Append("</li>");
        html.Append("</ul>");
    }

    private static string Verb(string? decision) => decision switch { Decision.RequestChanges => "request changes for", _ => decision ?? "" };

    public static string Text(string? text) => PublicPage.Text(text);

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
        <p id="rest">It counts for every lead, on every page. Where you chose something else for a lead, you are asked before anything is decided.</p>
        <label for="comment">Comment (for changes: what should be different)</label>
        <textarea id="comment" name="comment" rows="3" maxlength="20000"></textarea>
        <button type="submit" class="first" name="decision" value="approve" aria-describedby="rest">Approve all</button>
        <button type="submit" name="decision" value="reject" aria-describedby="rest">Reject all</button>
        <button type="submit" name="decision" value="requestChanges" aria-describedby="rest">Request changes</button>
        </fieldset>
        """);

    private static string Words(string status) => status.Replace('_', ' ');
}
