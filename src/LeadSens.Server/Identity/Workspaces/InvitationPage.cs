using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.Pages;
using LeadSens.Server.Studio.Site;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>The page behind an invitation's link. Whoever is signed in joins with a click; others sign in first and come back, or register and join when they confirm
/// their address. The forms carry an anti-forgery token: nobody is made to join by a page of another site.</summary>
internal static class InvitationPage
{
    private const string JoinAction = "join", RegisterAction = "register";

    public sealed record Shown(string Workspace, string Role, string? Email);

    public static void MapInvitationPage(this IEndpointRouteBuilder app)
    {
        app.MapMethods(AccountMails.InvitationPath + "/{token}", PageRoutes.Look, ShowAsync).ByLink();
        app.MapPost(AccountMails.InvitationPath + "/{token}", PostAsync).ByLink().HashesPassword();
    }

    private static async Task<IResult> ShowAsync(string token, HttpContext context, IAntiforgery antiforgery, Database database, CancellationToken cancellationToken)
    {
        if (await FindAsync(database, token, cancellationToken) is not { } invitation) return AccountPages.Unknown(context);
        return await FormAsync(token, invitation, context, antiforgery, database, null, cancellationToken);
    }

    private static async Task<IResult> PostAsync(
        string token, HttpContext context, IAntiforgery antiforgery, Database database, Register register, CancellationToken cancellationToken)
    {
        if (await context.FormAsync(cancellationToken) is not { } form) return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        if (await FindAsync(database, token, cancellationToken) is not { } invitation) return AccountPages.Unknown(context);
        var french = Language.Of(context.Request) == Language.French;
        if (!await antiforgery.IsRequestValidAsync(context))
            return await FormAsync(token, invitation, context, antiforgery, database, french ? "Le formulaire était trop ancien. Réessayez." : "The form was too old. Try again.", cancellationToken);
        if (form["action"] == JoinAction && Person.From(context.User) is { } person) return await JoinAsync(token, invitation, person, context, database, cancellationToken);
        if (form["action"] != RegisterAction) return await FormAsync(token, invitation, context, antiforgery, database, null, cancellationToken);
        var request = new Register.Request(form["firstName"], form["lastName"], form["email"], form["password"], Language.Of(context.Request), token);
        if (request.Check().Any)
            return await FormAsync(token, invitation, context, antiforgery, database, InvitationHtml.Incomplete(french), cancellationToken);
        await register.ExecuteAsync(request, request.Language!, AuditActor.Of(context), cancellationToken);
        return Page(context, StatusCodes.Status200OK, InvitationHtml.LookIntoYourMail(french));
    }

    private static async Task<IResult> JoinAsync(string token, Shown invitation, Person person, HttpContext context, Database database, CancellationToken cancellationToken)
    {
        var (outcome, _, _) = await JoinWorkspace.ExecuteAsync(database, token, person.UserId, AuditActor.Of(context), cancellationToken);
        return outcome == JoinWorkspace.Outcome.Invalid
            ? AccountPages.Unknown(context)
            : Page(context, StatusCodes.Status200OK, InvitationHtml.Member(Language.Of(context.Request), invitation, isNew: outcome == JoinWorkspace.Outcome.Joined));
    }

    private static async Task<IResult> FormAsync(
        string token, Shown invitation, HttpContext context, IAntiforgery antiforgery, Database database, string? problem, CancellationToken cancellationToken)
    {
        var email = Person.From(context.User) is { } person
            ? await database.Sql("select email from users where id = $1", person.UserId).FirstAsync(row => row.GetString(0), cancellationToken) : null;
        var language = Language.Of(context.Request);
        var form = new InvitationHtml.Form($"{AccountMails.InvitationPath}/{token}", antiforgery.GetAndStoreTokens(context).RequestToken!, problem);
        var page = email is null ? InvitationHtml.Newcomer(language, invitation, form, $"{StudioPages.SignIn}?returnUrl={Uri.EscapeDataString(form.Action)}")
            : invitation.Email is not null && invitation.Email != EmailAddress.KeyOf(email) ? InvitationHtml.ForSomebodyElse(language, email)
            : InvitationHtml.SignedIn(language, invitation, form, email);
        return Page(context, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, page);
    }

    private static Task<Shown?> FindAsync(Database database, string token, CancellationToken cancellationToken) => database.Sql($"""
        select w.name, i.role, i.email_key from workspace_invitations i join workspaces w on w.id = i.workspace_id where i.token_hash = $3 and {Invitations.Holds}
        """, Invitations.Givers, Invitations.Scope, Secret.HashOf(token)).FirstAsync(row => new Shown(row.GetString(0), row.GetString(1), row.Text(2)), cancellationToken);

    private static ContentHttpResult Page(HttpContext context, int status, PageContent page) => PublicPage.Of(context, status, Language.Of(context.Request), page);
}
