using LeadSens.Server.Mail;

namespace LeadSens.Server.Approvals;

/// <summary>What reviewers are written about an approval.</summary>
internal static class ApprovalMails
{
    public static MailMessage Of(string occasion, ApprovalFacts approval, Approver approver, string? link) =>
        new($"approval:{approval.ApprovalId}:{occasion}:{approver.UserId}", $"approval.{occasion}", approver.Email, approver.Language,
            approver.Language == Language.French ? French(occasion, approval, approver, link) : English(occasion, approval, approver, link),
            approval.WorkspaceId, approver.UserId, link is null ? null : approval.Left);

    private static MailContent English(string occasion, ApprovalFacts approval, Approver approver, string? link)
    {
        var leads = approval.Leads == 1 ? "1 lead" : $"{approval.Leads} leads";
        var (subject, text) = occasion switch
        {
            Occasion.Requested => ($"Please review {leads}: {approval.Campaign}", "The mails of a campaign wait for a decision. Only what is approved is sent, word for word."),
            Occasion.Reminder => ($"Still to review, {leads}: {approval.Campaign}", "The mails of a campaign still wait for a decision. Without one, nothing is sent."),
            _ => ($"Nobody decided in time: {approval.Campaign}", "The time to decide about a campaign's mails is over, so nothing of it was approved. The run goes on as its workflow says."),
        };
        return new(subject, [$"Hello {approver.FirstName},", text], link is null ? null : new("Review the mails", link),
            $"You get this because you may approve in the workspace {approval.Workspace}.",
            [("Campaign", approval.Campaign), ("Leads", $"{approval.Leads}"), ("Budget", approval.BudgetUsd is { } budget ? $"USD {budget:0.00}" : "none set"), (link is null ? "It ended" : "Decide before", approval.Until)],
            link is null ? null : "The link is yours alone: what is decided through it is recorded under your name, so do not pass it on.");
    }

    private static MailContent French(string occasion, ApprovalFacts approval, Approver approver, string? link)
    {
        var leads = approval.Leads == 1 ? "1 prospect" : $"{approval.Leads} prospects";
        var (subject, text) = occasion switch
        {
            Occasion.Requested => ($"À valider, {leads} : {approval.Campaign}", "Les e-mails d'une campagne attendent une décision. Seul ce qui est approuvé part, mot pour mot."),
            Occasion.Reminder => ($"Toujours à valider, {leads} : {approval.Campaign}", "Les e-mails d'une campagne attendent toujours une décision. Sans elle, rien ne part."),
            _ => ($"Personne n'a décidé à temps : {approval.Campaign}", "Le délai pour décider des e-mails d'une campagne est passé ; rien n'a donc été approuvé. Le déroulement continue comme son workflow le prévoit."),
        };
        return new(subject, [$"Bonjour {approver.FirstName},", text], link is null ? null : new("Relire les e-mails", link),
            $"Vous recevez ce message parce que vous pouvez approuver dans l'espace de travail {approval.Workspace}.",
            [("Campagne", approval.Campaign), ("Prospects", $"{approval.Leads}"), ("Budget", approval.BudgetUsd is { } budget ? $"{budget:0.00} USD" : "aucun"), (link is null ? "Échéance" : "À décider avant", approval.Until)],
            link is null ? null : "Ce lien n'est que pour vous : ce qui est décidé par lui est enregistré à votre nom. Ne le transmettez pas.");
    }
}

/// <summary>Somebody who may decide an approval.</summary>
internal sealed record Approver(Guid UserId, string Email, string FirstName, string Language);
