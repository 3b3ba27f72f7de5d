using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Mail;
using LeadSens.Server.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Approvals;

/// <summary>Where a notice in a shared channel leads: whoever is signed in and may decide goes on to the review with a link of their own, made when they ask for it.
/// The workspace is the approval's, whichever the session is in.</summary>
internal static class ApprovalInApp
{
    private const string Path = "/studio/approvals";

    public static string PathOf(Guid approvalId) => $"{Path}/{approvalId}";

    public static void MapApprovalInApp(this IEndpointRouteBuilder app) =>
        app.MapMethods(Path + "/{id:guid}", [HttpMethods.Get, HttpMethods.Post], OpenAsync).Needs(AccessRule.Person).ExcludeFromDescription();

    private static async Task<IResult> OpenAsync(Guid id, HttpContext context, Person caller, ApprovalLinks links, IAntiforgery antiforgery, Database database, CancellationToken cancellationToken)
    {
        var (workspaceId, role, status) = await database.Sql("""
            select a.workspace_id, m.role, a.status from approvals a join workspace_members m on m.workspace_id = a.workspace_id and m.user_id = $2 where a.id = $1
            """, id, caller.UserId).FirstAsync(row => (row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken);
        if (workspaceId == Guid.Empty) return PublicPage.Of(context, StatusCodes.Status404NotFound, Language.English, ApprovalHtml.Unknown());
        using var scope = DatabaseScope.Narrow(workspaceId);
        if (!ApprovalNotices.Roles.Contains(role)) return NotYours(context);
        if (status != ApprovalStatus.Pending) return PublicPage.Of(context, StatusCodes.Status410Gone, Language.English, PageContent.Message("This is decided", "There is nothing to decide here any more."));
        if (HttpMethods.IsGet(context.Request.Method)) return Ask(context, id, antiforgery.GetAndStoreTokens(context).RequestToken!);
        // The button of our own page alone.
        if (!await antiforgery.IsRequestValidAsync(context)) return NotYours(context);
        var member = new Caller(workspaceId, $"user:{caller.UserId}", role, Roles.Of(role), AuditActor.Of(context));
        return await links.MintAsync(id, member, cancellationToken) is { } link ? new SeeOther(new Uri(link.Url).AbsolutePath) : NotYours(context);
    }

    /// <summary>Opening writes nothing; the button's POST makes the link.</summary>
    private static ContentHttpResult Ask(HttpContext context, Guid id, string token) => PublicPage.Of(context, StatusCodes.Status200OK, Language.English, new("Review", $"""
        <h1>Leads wait for your review</h1>
        <form method="post" action="{PathOf(id)}"><input type="hidden" name="__RequestVerificationToken" value="{PublicPage.Text(token)}"><button type="submit" class="first">Review</button></form>
        """));

    private static ContentHttpResult NotYours(HttpContext context) => PublicPage.Of(context, StatusCodes.Status403Forbidden, Language.English,
        PageContent.Message("This is for somebody else to decide", "Your role does not allow it, or the approval asks for somebody other than whoever asked for it or decided before."));
}
