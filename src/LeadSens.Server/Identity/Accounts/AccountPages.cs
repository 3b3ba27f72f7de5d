using LeadSens.Server.Mail;
using LeadSens.Server.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>The pages behind the links in account mails, in the language of the account.</summary>
internal static class AccountPages
{
    private const string SignIn = "/studio/sign-in";

    /// <summary>Used, expired and made up look the same.</summary>
    public static ContentHttpResult Unknown(HttpContext context) => PublicPage.Of(context, StatusCodes.Status404NotFound, Language.Of(context.Request), Language.Of(context.Request) == Language.French
        ? PageContent.Message("Ce lien n'ouvre rien", "Il a peut-être déjà servi, expiré ou été coupé. Demandez-en un nouveau.")
        : PageContent.Message("This link opens nothing", "It may have been used, have expired or be incomplete. Ask for a new one."));

    /// <param name="brought">The invitation that the registration came with: joining is for the person at the page to choose, since anybody may have registered the address.</param>
    public static PageContent Confirm(LinkedAccount account, string token, Invitations.Shown? brought, string? problem) => account.Language == Language.French
        ? Form("Confirmer votre adresse", $"L'adresse {account.Email} sera celle de votre compte LeadSens. Donnez le mot de passe que ce compte doit avoir.", $"{AccountMails.ConfirmPath}/{token}",
            Owner(account) + Password("Mot de passe", account.Language, problem) + Join(brought, account.Language), "Confirmer l'adresse")
        : Form("Confirm your address", $"The address {account.Email} becomes that of your LeadSens account. Type the password that this account shall have.", $"{AccountMails.ConfirmPath}/{token}",
            Owner(account) + Password("Password", account.Language, problem) + Join(brought, account.Language), "Confirm the address");

    public static PageContent Confirmed(string language) => language == Language.French
        ? Done("Adresse confirmée", "Vous pouvez maintenant vous connecter.", language) : Done("Your address is confirmed", "You can sign in now.", language);

    public static PageContent Forgot(string language) => language == Language.French
        ? Form("Mot de passe oublié ?", "Donnez l'adresse e-mail de votre compte : nous y envoyons un lien.", AccountMails.ForgotPath, Email("Adresse e-mail"), "Envoyer le lien")
        : Form("Forgot your password?", "Give your account's e-mail address, and we send a link there.", AccountMails.ForgotPath, Email("E-mail address"), "Send the link");

    public static PageContent Asked(string language) => language == Language.French
        ? PageContent.Message("Regardez vos e-mails", "S'il existe un compte avec cette adresse, un lien vient d'y être envoyé. Il est valable une heure.")
        : PageContent.Message("Look into your mail", "If there is an account with this address, a link was sent to it. It works for one hour.");

    public static PageContent Reset(LinkedAccount account, string token, string? problem) => account.Language == Language.French
        ? Form("Nouveau mot de passe", $"Pour le compte {account.Email}. Toutes ses sessions seront fermées.", $"{AccountMails.ResetPath}/{token}", Owner(account) + Password("Nouveau mot de passe", account.Language, problem), "Changer le mot de passe")
        : Form("New password", $"For the account {account.Email}. All its sessions will end.", $"{AccountMails.ResetPath}/{token}", Owner(account) + Password("New password", account.Language, problem), "Change the password");

    /// <param name="kept">What was connected in the person's name and stays (<see cref="KeptConnections"/>).</param>
    public static PageContent Changed(string language, IReadOnlyList<string> kept) => language == Language.French
        ? Done("Mot de passe changé", string.Join(' ', ["Toutes les sessions sont fermées. Connectez-vous avec le nouveau mot de passe.", .. KeptConnections.Sentences(language, kept)]), language)
        : Done("Your password is changed", string.Join(' ', ["All sessions ended. Sign in with the new password.", .. KeptConnections.Sentences(language, kept)]), language);

    public static string PasswordRule(string language) => language == Language.French
        ? $"De {AccountRules.ShortestPassword} à {AccountRules.LongestPassword} caractères, dont au moins cinq différents, sans votre adresse e-mail."
        : $"{AccountRules.ShortestPassword} to {AccountRules.LongestPassword} characters, at least five different ones, without your e-mail address.";

    public static string Email(string label, string? value = null) =>
        $"<label for=\"email\">{PublicPage.Text(label)}</label><input type=\"email\" id=\"email\" name=\"email\" required maxlength=\"254\" autocomplete=\"username\" value=\"{PublicPage.Text(value)}\">";

    public static string Password(string label, string language, string? problem) =>
        $"<label for=\"password\">{PublicPage.Text(label)}</label><input type=\"password\" id=\"password\" name=\"password\" required minlength=\"{AccountRules.ShortestPassword}\" maxlength=\"{AccountRules.LongestPassword}\" autocomplete=\"new-password\" aria-describedby=\"rule\">"
        + $"<p id=\"rule\" class=\"{(problem is null ? "small" : "problem\" role=\"alert")}\">{PublicPage.Text(problem ?? PasswordRule(language))}</p>";

    private static string Join(Invitations.Shown? brought, string language) => brought is null ? ""
        : $"<p><input type=\"checkbox\" id=\"join\" name=\"join\" value=\"yes\"> <label for=\"join\" class=\"inline\">{PublicPage.Text(language == Language.French
            ? $"Rejoindre aussi l'espace de travail « {brought.Workspace} » ({RoleNames.In(language, brought.Role)}). L'inscription portait cette invitation ; ne cochez rien si vous ne la connaissez pas."
            : $"Also join the workspace “{brought.Workspace}” ({RoleNames.In(language, brought.Role)}). The registration carried this invitation; leave it if you do not know it.")}</label></p>";

    /// <summary>For password managers, which want to know whose password it is.</summary>
    private static string Owner(LinkedAccount account) => $"<input type=\"text\" name=\"username\" autocomplete=\"username\" value=\"{PublicPage.Text(account.Email)}\" hidden>";

    private static PageContent Form(string title, string text, string action, string fields, string button) => new(title, $"""
        <h1>{PublicPage.Text(title)}</h1><p>{PublicPage.Text(text)}</p>
        <form method="post" action="{PublicPage.Text(action)}" accept-charset="utf-8">{fields}<button type="submit" class="first">{PublicPage.Text(button)}</button></form>
        """);

    private static PageContent Done(string title, string text, string language) =>
        new(title, $"<h1>{PublicPage.Text(title)}</h1><p>{PublicPage.Text(text)}</p><a class=\"button first\" href=\"{SignIn}\">{(language == Language.French ? "Se connecter" : "Sign in")}</a>");
}
