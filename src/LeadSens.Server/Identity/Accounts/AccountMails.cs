using LeadSens.Server.Mail;
using LeadSens.Server.Operations;

namespace LeadSens.Server.Identity;

/// <summary>What accounts are written about. Nothing that a stranger typed stands in a mail to an address that is not confirmed yet.</summary>
internal sealed class AccountMails(PublicAddress address)
{
    public const string ConfirmPath = "/account/confirm", ResetPath = "/account/reset", ForgotPath = "/account/forgot", InvitationPath = "/invitations";

    public MailMessage Confirm(Guid userId, string email, string language, Secret link) => Of("confirm", userId, email, language, link, AccountLinks.ConfirmTime, language == Language.French
        ? new("Confirmez votre adresse e-mail",
            ["Bonjour,", "Quelqu'un a créé un compte LeadSens avec cette adresse. Si c'est vous, confirmez-la : vous pourrez ensuite vous connecter."],
            new("Confirmer l'adresse", Url(ConfirmPath, link)),
            "Si ce n'est pas vous, ne faites rien : sans confirmation, le compte ne s'ouvre pas et sera supprimé.", AfterButton: "Le lien est valable deux jours.")
        : new("Confirm your e-mail address",
            ["Hello,", "Somebody made a LeadSens account with this address. If it was you, confirm the address, and you can sign in."],
            new("Confirm the address", Url(ConfirmPath, link)),
            "If it was not you, do nothing: without a confirmation the account does not open, and it will be deleted.", AfterButton: "The link works for two days."));

    /// <summary>Instead of telling whoever registered that there is an account already.</summary>
    public MailMessage Exists(Guid userId, string email, string language, DateTimeOffset today) => new($"account.exists:{userId}:{today.UtcDateTime:yyyy-MM-dd}", "account.exists", email, language, language == Language.French
        ? new("Vous avez déjà un compte",
            ["Bonjour,", "Quelqu'un vient de vouloir créer un compte LeadSens avec cette adresse. Vous en avez déjà un : connectez-vous avec votre mot de passe, ou choisissez-en un nouveau si vous l'avez oublié."],
            new("Choisir un nouveau mot de passe", address.Url + ForgotPath), "Si ce n'était pas vous, ne faites rien : votre compte n'a pas changé.")
        : new("You have an account already",
            ["Hello,", "Somebody just wanted to make a LeadSens account with this address. You have one already: sign in with your password, or choose a new one if you forgot it."],
            new("Choose a new password", address.Url + ForgotPath), "If it was not you, do nothing: your account did not change."), UserId: userId);

    public MailMessage Reset(Guid userId, string email, string language, Secret link) => Of("reset", userId, email, language, link, AccountLinks.ResetTime, language == Language.French
        ? new("Choisissez un nouveau mot de passe",
            ["Bonjour,", "Quelqu'un a demandé un nouveau mot de passe pour votre compte LeadSens. Si c'est vous, choisissez-le ici :"],
            new("Choisir un nouveau mot de passe", Url(ResetPath, link)),
            "Si ce n'est pas vous, ne faites rien : votre mot de passe reste le même.", AfterButton: "Le lien est valable une heure et ne sert qu'une fois. Toutes vos sessions seront fermées.")
        : new("Choose a new password",
            ["Hello,", "Somebody asked for a new password for your LeadSens account. If it was you, choose it here:"],
            new("Choose a new password", Url(ResetPath, link)),
            "If it was not you, do nothing: your password stays as it is.", AfterButton: "The link works for one hour and once. All your sessions will end."));

    /// <summary>So that the owner hears of it who did not do it.</summary>
    public MailMessage Changed(Guid userId, string email, string language, Guid occasion, IReadOnlyList<string> kept) => new($"account.password:{userId}:{occasion}", "account.password", email, language, language == Language.French
        ? new("Votre mot de passe a changé", ["Bonjour,", "Le mot de passe de votre compte LeadSens vient d'être changé par un lien envoyé à cette adresse. Toutes les sessions sont fermées.", .. KeptConnections.Sentences(language, kept)], null,
            $"Si ce n'était pas vous, demandez aussitôt un nouveau mot de passe : {address.Url}{ForgotPath}")
        : new("Your password was changed", ["Hello,", "The password of your LeadSens account was just changed by a link that was sent to this address. All sessions ended.", .. KeptConnections.Sentences(language, kept)], null,
            $"If it was not you, ask for a new password at once: {address.Url}{ForgotPath}"), UserId: userId);

    public MailMessage Invite(Guid invitationId, Guid workspaceId, string workspace, string? inviter, string role, string email, string language, Secret link, TimeSpan lifetime) =>
        new($"invitation:{invitationId}", "invitation", email, language, language == Language.French
            ? new($"Invitation à rejoindre {workspace}",
                ["Bonjour,", inviter is null ? "Vous êtes invité à rejoindre un espace de travail LeadSens." : $"{inviter} vous invite à rejoindre un espace de travail LeadSens."],
                new("Voir l'invitation", Url(InvitationPath, link)), "Si vous n'attendiez pas cette invitation, ne faites rien.",
                [("Espace de travail", workspace), ("Rôle", RoleNames.In(language, role))], "Le lien est valable sept jours.")
            : new($"Invitation to join {workspace}",
                ["Hello,", inviter is null ? "You are invited to join a LeadSens workspace." : $"{inviter} invites you to join a LeadSens workspace."],
                new("See the invitation", Url(InvitationPath, link)), "If you did not expect this invitation, do nothing.",
                [("Workspace", workspace), ("Role", RoleNames.In(language, role))], "The link works for seven days."), workspaceId, ExpiresIn: lifetime);

    /// <summary>Each link is an occasion of its own.</summary>
    private static MailMessage Of(string kind, Guid userId, string email, string language, Secret link, TimeSpan lifetime, MailContent content) =>
        new($"account.{kind}:{userId}:{Convert.ToHexStringLower(link.Hash)}", $"account.{kind}", email, language, content, UserId: userId, ExpiresIn: lifetime);

    public string Url(string path, Secret link) => $"{address.Url}{path}/{link.Text}";
}

/// <summary>The roles as people read them.</summary>
internal static class RoleNames
{
    public static string In(string language, string role) => (language, role) switch
    {
        (Language.French, Roles.Owner) => "propriétaire",
        (Language.French, Roles.Member) => "membre",
        (Language.French, Roles.Approver) => "approbateur",
        (Language.French, Roles.Viewer) => "lecteur",
        _ => role,
    };
}
