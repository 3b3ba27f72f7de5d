using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Identity;

internal sealed class Invite(Database database, AccountMails texts, Mails mails) : IUseCase<Invite, Invitations.Request, Invitations.Made>
{
    public static UseCase Declaration { get; } = new("invite", "An invitation by link, sent where it is for an address", Permission.Manage,
        Effect.Spends, "invitation.made");

    public async Task<Outcome<Invitations.Made>> RunAsync(Caller caller, Invitations.Request request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Require(Roles.IsRole(request.Role), "role", $"One of {string.Join(", ", Roles.All)}.");
        if (request.Email is not null) AccountRules.CheckEmail(errors, request.Email);
        if (errors.Any) return Refusal.Invalid(errors);
        if (!Roles.Of(request.Role!).All(caller.May)) return new Refusal(RefusalKind.Forbidden, "forbidden", "You may not do this.",
            $"The role {request.Role} may more than you do yourself.");
        var (id, secret, email) = (Guid.CreateVersion7(), Secret.New(Secret.Invitation), EmailAddress.KeyOf(request.Email));
        var entry = new AuditEntry(caller.WorkspaceId, caller.By, Declaration.Audits!, "invitation", id, new JsonObject { ["role"] = request.Role });
        var invitation = new Invitations.Invitation(id, caller.WorkspaceId, request.Role!, email, secret, caller.By.PersonId, caller.By.KeyId);
        var language = email is null ? null : await Invitations.LanguageOfAsync(database, email, cancellationToken);
        var made = await database.ChangeAsync<Invitations.Made>(entry, async connection =>
        {
            var until = await Invitations.InsertAsync(connection, invitation, cancellationToken);
            if (until == default) return null;
            if (email is not null) await Invitations.WriteAsync(connection, invitation, language, texts, mails, cancellationToken);
            return new(id, request.Role!, email, until, secret.Text, texts.Url(AccountMails.InvitationPath, secret));
        }, cancellationToken);
        if (made is null) return new Refusal(RefusalKind.Forbidden, "forbidden", "You may not do this.", "Your own role has changed meanwhile.");
        mails.Wake();
        return made;
    }
}
