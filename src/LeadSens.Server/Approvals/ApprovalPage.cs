using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.Pages;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

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
        using var scope = DatabaseScope.Narrow(link.WorkspaceId);
        // The hash is read before the texts: a text that changes in between no longer fits the hash that the form carries.
        var approval = (await approvals.FindAsync(link.WorkspaceId, link.ApprovalId, cancellationToken))!;
        if (!link.Usable) return Html(context, ApprovalHtml.Closed(approval, link), StatusCodes.Status410Gone);
        var shown = await ReviewPage.ReadAsync(database, link.WorkspaceId, approval, link.Reviewer, page ?? 1, cancellationToken);
        return Html(context, ApprovalHtml.Review(token, shown, link), StatusCodes.Status200OK);
    }

    private static async Task<IResult> PostAsync(
        string token, HttpContext context, ApprovalLinks links, DecideApproval decide, EditDrafts drafts, Database database, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(token, cancellationToken) is not { } link) return Html(context, ApprovalHtml.Unknown(), StatusCodes.Status404NotFound);
        using var scope = DatabaseScope.Narrow(link.WorkspaceId);
        if (!context.Request.HasFormContentType) return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = ReviewForm.Read(await context.Request.ReadFormAsync(cancellationToken));
        if (form.Error is { } error) return Html(context, PageContent.Message("This form is not complete", error), StatusCodes.Status400BadRequest);
        if (!link.Usable) return Refused(context, link.Expired ? ApprovalGuard.Expired : ApprovalGuard.AlreadyDecided);
        var reviewer = new Reviewer(link.Reviewer, link.WorkspaceId, form.Seen!, link.Role, link.TokenHash) { By = link.By(context) };
        if (form.Choices.Count > 0)
        {
            var (hash, unsaved) = await drafts.SaveAsync(link.ApprovalId, form.Choices, reviewer, cancellationToken);
            if (unsaved is not null) return Refused(context, unsaved);
            reviewer = reviewer with { Seen = hash! };
        }

        if (form.Decision is null) return Page(context, token, form.GoTo);
        var result = await decide.ExecuteAsync(link.ApprovalId, new(form.Decision, form.Comment, [], form.All), reviewer, cancellationToken);
        return result switch
        {
            DecisionResult.Decided decided => Html(context, ApprovalHtml.Thanks(decided), StatusCodes.Status200OK),
            DecisionResult.Refused { Code: "approval_choices_differ" } => Html(
                context, ApprovalHtml.Differs(token, form, reviewer, await ReviewChoices.ReadAsync(database, link.WorkspaceId, link.ApprovalId, link.Reviewer, cancellationToken)), StatusCodes.Status200OK),
            _ => Refused(context, (DecisionResult.Refused)result),
        };
    }

    /// <summary>This page's choices and edits are kept; the browser goes to another page of the same review.</summary>
    private static SeeOther Page(HttpContext context, string token, int page)
    {
        PublicPage.Protect(context, Language.English);
        return new SeeOther($"/approve/{token}?page={page}");
    }

    private static ContentHttpResult Refused(HttpContext context, DecisionResult.Refused refused) =>
        Html(context, PageContent.Message("Nothing was changed", refused.Message), StatusCodes.Status409Conflict);

    private static ContentHttpResult Html(HttpContext context, PageContent page, int status) => PublicPage.Of(context, status, Language.English, page);
}
