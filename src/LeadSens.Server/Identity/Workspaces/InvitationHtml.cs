using LeadSens.Server.Mail;
using LeadSens.Server.Pages;

namespace LeadSens.Server.Identity;

/// <summary>What the invitation's page says, in both languages.</summary>
internal static class InvitationHtml
{
    /// <param name="Problem">What was wrong with the form that was sent; null at first.</param>
    public sealed record Form(string Action, string Token, string? Problem);

    public static PageContent SignedIn(string language, InvitationPage.Shown invitation, Form form, string email)
    {
        var french = language == Language.French;
        return new(Title(french, invitation), $"""
            {Head(language, invitation)}
            {Begin(form, "join")}<button type="submit" class="first">{Text(french ? $"Rejoindre avec {email}" : $"Join as {email}")}</button></form>
            """);
    }

    public static PageContent Newcomer(string language, InvitationPage.Shown invitation, Form form, string signIn)
    {
        var french = language == Language.French;
        return new(Title(french, invitation), $"""
            {Head(language, invitation)}
            <a class="button first" href="{Text(signIn)}">{(french ? "J'ai un compte : me connecter" : "I have an account: sign in")}</a>
            <section><h2>{(french ? "Je suis nouveau" : "I am new here")}</h2>
            {Begin(form, "register")}
            <label for="firstName">{(french ? "Prénom" : "First name")}</label><input type="text" id="firstName" name="firstName" required maxlength="100" autocomplete="given-name">
            <label for="lastName">{(french ? "Nom" : "Last name")}</label><input type="text" id="lastName" name="lastName" required maxlength="100" autocomplete="family-name">
            {AccountPages.Email(french ? "Adresse e-mail" : "E-mail address", invitation.Email)}
            {AccountPages.Password(french ? "Mot de passe" : "Password", language, null)}
            <button type="submit" class="first">{(french ? "Créer le compte" : "Make an account")}</button></form></section>
            """);
    }

    public static PageContent ForSomebodyElse(string language, string email) => language == Language.French
        ? PageContent.Message("Cette invitation est pour une autre adresse", $"Vous êtes connecté avec {email}. Déconnectez-vous, puis ouvrez le lien de nouveau.")
        : PageContent.Message("This invitation is for another address", $"You are signed in as {email}. Sign out and open the link again.");

    public static PageContent Member(string language, InvitationPage.Shown invitation, bool isNew)
    {
        var french = language == Language.French;
        var title = (isNew, french) switch { (true, true) => "Bienvenue", (true, false) => "Welcome", (false, true) => "Vous êtes déjà membre", _ => "You are a member already" };
        var text = french ? $"Vous faites partie de « {invitation.Workspace} »." : $"You are in the workspace “{invitation.Workspace}”.";
        return new(title, $"<h1>{Text(title)}</h1><p>{Text(text)}</p><a class=\"button first\" href=\"/studio/\">{(french ? "Ouvrir LeadSens" : "Open LeadSens")}</a>");
    }

    public static PageContent LookIntoYourMail(bool french) => french
        ? PageContent.Message("Regardez vos e-mails", "Nous avons envoyé un lien à votre adresse. Confirmez-la en cochant que vous rejoignez l'espace de travail.")
        : PageContent.Message("Look into your mail", "We sent a link to your address. Confirm it, and tick there that you join the workspace.");

    public static string Incomplete(bool french) =>
        french ? "Donnez un prénom, un nom, une adresse e-mail et un mot de passe qui suit la règle." : "Give a first and last name, an e-mail address and a password that keeps to the rule.";

    private static string Title(bool french, InvitationPage.Shown invitation) => french ? $"Rejoindre {invitation.Workspace}" : $"Join {invitation.Workspace}";

    private static string Head(string language, InvitationPage.Shown invitation)
    {
        var (french, role) = (language == Language.French, RoleNames.In(language, invitation.Role));
        var text = french ? $"Vous êtes invité dans cet espace de travail avec le rôle {role}." : $"You are invited into this workspace with the role {role}.";
        return $"<h1>{Text(Title(french, invitation))}</h1><p>{Text(text)}</p>";
    }

    private static string Begin(Form form, string action) => $"""
        <form method="post" action="{Text(form.Action)}" accept-charset="utf-8">{(form.Problem is null ? "" : $"<p class=\"problem\" role=\"alert\">{Text(form.Problem)}</p>")}
        <input type="hidden" name="__RequestVerificationToken" value="{Text(form.Token)}"><input type="hidden" name="action" value="{action}">
        """;

    private static string Text(string text) => PublicPage.Text(text);
}
