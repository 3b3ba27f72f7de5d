using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.Pages;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>The approval link's page: works without script. GET shows and decides nothing, however often a scanner opens it; only the
/// form's POST decides.</summary>
internal static class ApprovalPage
{
    /// <summary>A page of fifty leads, each with three mails that may be twenty thousand characters long.</summary>
    public const long LargestReview = 12 * 1024 * 1024;

    public static void MapApprovalPage(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/approve/{token}", PageRoutes.Look, ShowAsync).ByLink();
        app.MapPost("/approve/{token}", PostAsync).ByLink().Takes(LargestReview);
    }

    private static async Task<IResult> ShowAsync(
        string token, int? page, HttpContext context, ApprovalLinks links, ReadApprovals approvals, Database database, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(token, cancellationToken) is not { } link) return Html(context, ApprovalHtml.Unknown(), StatusCodes.Status404NotFound);
        // The hash is read before the texts: a text that changes in between no longer fits the hash that the form carries.
        var approval = (await approvals.FindLinkedAsync(link.ApprovalId, cancellationToken))!;
        if (!link.Usable) return Html(context, ApprovalHtml.Closed(approval, link), StatusCodes.Status410Gone);
        var shown = await ReviewPage.ReadAsync(database, approval, page ?? 1, cancellationToken);
        return Html(context, ApprovalHtml.Review(token, shown, link), StatusCodes.Status200OK);
    }

    private static async Task<IResult> PostAsync(
        string token, HttpContext context, ApprovalLinks links, DecideApproval decide, EditDrafts drafts, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(token, cancellationToken) is not { } link) return Html(context, ApprovalHtml.Unknown(), StatusCodes.Status404NotFound);
        if (!context.Request.HasFormContentType) return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = ReviewForm.Read(await context.Request.ReadFormAsync(cancellationToken));
        if (form.Error is { } error) return Html(context, PageContent.Message("This form is not complete", error), StatusCodes.Status400BadRequest);
        var reviewer = new Reviewer(link.Reviewer, null, form.Seen, link.TokenHash, link.Role is null ? null : [link.Role]) { By = link.By(context) };
        if (form.Decision is null) return await SaveAsync(context, token, link, form, reviewer, drafts, cancellationToken);
        var result = await decide.ExecuteAsync(link.ApprovalId, new(form.Decision, form.Comment, form.Choices, KeepSaved: true), reviewer, cancellationToken);
        return result is DecisionResult.Decided decided
            ? Html(context, ApprovalHtml.Thanks(decided), StatusCodes.Status200OK)
            : Refused(context, (DecisionResult.Refused)result);
    }

    /// <summary>Keeps this page's choices and edits and goes to another page of the same review.</summary>
    private static async Task<IResult> SaveAsync(
        HttpContext context, string token, LinkedApproval link, ReviewForm form, Reviewer reviewer, EditDrafts drafts, CancellationToken cancellationToken)
    {
        if (!link.Usable) return Refused(context, link.Expired ? ApprovalGuard.Expired : ApprovalGuard.AlreadyDecided);
        var (_, refused) = await drafts.SaveAsync(link.ApprovalId, form.Choices, reviewer, cancellationToken);
        if (refused is not null) return Refused(context, refused);
        PublicPage.Protect(context, Language.English);
        return new SeeOther($"/approve/{token}?page={form.GoTo}");
    }

    private static ContentHttpResult Refused(HttpContext context, DecisionResult.Refused refused) =>
        Html(context, PageContent.Message("Nothing was changed", refused.Message), StatusCodes.Status409Conflict);

    private static ContentHttpResult Html(HttpContext context, PageContent page, int status) => PublicPage.Of(context, status, Language.English, page);

    /// <summary>303: the browser gets the next page, whatever the method was.</summary>
    private sealed class SeeOther(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
