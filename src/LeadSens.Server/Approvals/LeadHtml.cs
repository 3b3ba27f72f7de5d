using System.Text;

namespace LeadSens.Server.Approvals;

/// <summary>One lead on the approval page: who it is, the three mails, the choice, the edits.</summary>
internal static class LeadHtml
{
    private static readonly (string Value, string Label)[] Choices =
        [("", "as the rest"), (Decision.Approve, "approve"), (Decision.Reject, "reject"), (Decision.RequestChanges, "request changes")];

    public static void Append(StringBuilder html, ReviewedLead lead, int number, bool mayEdit)
    {
        html.Append("<fieldset><legend>").Append(number).Append(". ").Append(ApprovalHtml.Text(Name(lead))).Append("</legend>")
            .Append("<input type=\"hidden\" name=\"lead\" value=\"").Append(lead.LeadId).Append("\"><p>")
            .Append(ApprovalHtml.Text(lead.JobTitle)).Append(lead.CompanyName is null ? "" : ", ").Append(ApprovalHtml.Text(lead.CompanyName))
            .Append("<br>to ").Append(ApprovalHtml.Text(lead.Email)).Append("<br>score ").Append(lead.Score).Append(": ")
            .Append(ApprovalHtml.Text(lead.ScoreReason)).Append("</p>");
        foreach (var draft in lead.Drafts) Mail(html, draft);
        Choice(html, lead);
        Edits(html, lead, mayEdit);
        html.Append("</fieldset>");
    }

    private static string Name(ReviewedLead lead) => $"{lead.FirstName} {lead.LastName}".Trim() is { Length: > 0 } name ? name : lead.Email ?? "A lead";

    private static void Mail(StringBuilder html, ReviewedDraft draft)
    {
        html.Append("<div class=\"mail\" lang=\"").Append(ApprovalHtml.Text(draft.Language)).Append("\"><h2>Mail ").Append(draft.Step).Append(": ")
            .Append(ApprovalHtml.Text(draft.Subject)).Append("</h2>");
        foreach (var flag in draft.Flags) html.Append("<p class=\"flag\" lang=\"en\">Please check: ").Append(ApprovalHtml.Text(flag)).Append("</p>");
        html.Append("<div class=\"text\">").Append(ApprovalHtml.Text(draft.Body)).Append("</div></div>");
    }

    private static void Choice(StringBuilder html, ReviewedLead lead)
    {
        html.Append("<div class=\"choice\" role=\"radiogroup\" aria-label=\"Decision for ").Append(ApprovalHtml.Text(Name(lead))).Append("\">");
        foreach (var (value, label) in Choices)
            html.Append("<label><input type=\"radio\" name=\"choice.").Append(lead.LeadId).Append("\" value=\"").Append(value).Append('"')
                .Append(value == (lead.Decision ?? "") ? " checked" : "").Append("> ").Append(label).Append("</label>");
        html.Append("</div>");
    }

    private static void Edits(StringBuilder html, ReviewedLead lead, bool mayEdit)
    {
        html.Append("<details><summary>").Append(mayEdit ? "Edit the mails or leave a comment" : "Leave a comment").Append("</summary>");
        foreach (var draft in mayEdit ? lead.Drafts : [])
        {
            var id = $"{lead.LeadId}.{draft.Step}";
            // A browser drops one line break after the opening tag; this one is for it.
            html.Append($"<label for=\"subject.{id}\">Subject of mail {draft.Step}</label><input type=\"text\" id=\"subject.{id}\" name=\"subject.{id}\" required maxlength=\"20000\" value=\"")
                .Append(ApprovalHtml.Text(draft.Subject)).Append("\">")
                .Append($"<label for=\"body.{id}\">Text of mail {draft.Step}</label><textarea id=\"body.{id}\" name=\"body.{id}\" rows=\"8\" required maxlength=\"20000\">\n")
                .Append(ApprovalHtml.Text(draft.Body)).Append("</textarea>");
        }
        html.Append($"<label for=\"comment.{lead.LeadId}\">Comment for this lead</label><input type=\"text\" id=\"comment.{lead.LeadId}\" name=\"comment.{lead.LeadId}\" maxlength=\"20000\" value=\"")
            .Append(ApprovalHtml.Text(lead.Comment)).Append("\"></details>");
    }
}
