using System.Security.Cryptography;
using LeadSens.Server.Audit;
using LeadSens.Server.Identity;
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
        app.MapMethods("/approve/{token}", [HttpMethods.Get, HttpMethods.Head], ShowAsync).Needs(AccessRule.Anybody).Limited(RateRule.Links).ExcludeFromDescription();
        app.MapPost("/approve/{token}", PostAsync).Needs(AccessRule.Anybody).DisableAntiforgery().Limited(RateRule.Links).Takes(LargestReview).ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync(
        string token, int? page, HttpContext context, ApprovalLinks links, ReadApprovals approvals, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(token, cancellationToken) is not { } link) return Html(context, ApprovalHtml.Unknown(Protect(context)), StatusCodes.Status404NotFound);
        // The hash is read before the texts: a text that changes in between no longer fits the hash that the form carries.
        var approval = (await approvals.FindLinkedAsync(link.ApprovalId, cancellationToken))!;
        if (!link.Usable) return Html(context, ApprovalHtml.Closed(Protect(context), approval, link), StatusCodes.Status410Gone);
        var shown = await ReviewPage.ReadAsync(database, approval, page ?? 1, cancellationToken);
        return Html(context, ApprovalHtml.Review(Protect(context), token, shown), StatusCodes.Status200OK);
    }

    private static async Task<IResult> PostAsync(
        string token, HttpContext context, ApprovalLinks links, DecideApproval decide, EditDrafts drafts, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(token, cancellationToken) is not { } link) return Html(context, ApprovalHtml.Unknown(Protect(context)), StatusCodes.Status404NotFound);
        if (!context.Request.HasFormContentType) return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = ReviewForm.Read(await context.Request.ReadFormAsync(cancellationToken));
        if (form.Error is { } error) return Html(context, ApprovalHtml.Message(Protect(context), "This form is not complete", error), StatusCodes.Status400BadRequest);
        var reviewer = new Reviewer("link", null, form.Seen, link.TokenHash) { By = AuditActor.OfLink(link.TokenHash, context) };
        if (form.Decision is null) return await SaveAsync(context, token, link, form, reviewer, drafts, cancellationToken);
        var result = await decide.ExecuteAsync(link.ApprovalId, new(form.Decision, form.Comment, form.Choices, KeepSaved: true), reviewer, cancellationToken);
        return result is DecisionResult.Decided decided
            ? Html(context, ApprovalHtml.Thanks(Protect(context), decided), StatusCodes.Status200OK)
            : Refused(context, (DecisionResult.Refused)result);
    }

    /// <summary>Keeps this page's choices and edits and goes to another page of the same review.</summary>
    private static async Task<IResult> SaveAsync(
        HttpContext context, string token, LinkedApproval link, ReviewForm form, Reviewer reviewer, EditDrafts drafts, CancellationToken cancellationToken)
    {
        if (!link.Usable) return Refused(context, link.Expired ? ApprovalGuard.Expired : ApprovalGuard.AlreadyDecided);
        var (_, refused) = await drafts.SaveAsync(link.ApprovalId, form.Choices, reviewer, cancellationToken);
        if (refused is not null) return Refused(context, refused);
        Protect(context);
        return new SeeOther($"/approve/{token}?page={form.GoTo}");
    }

    private static ContentHttpResult Refused(HttpContext context, DecisionResult.Refused refused) =>
        Html(context, ApprovalHtml.Message(Protect(context), "Nothing was changed", refused.Message), StatusCodes.Status409Conflict);

    private static ContentHttpResult Html(HttpContext context, string html, int status)
    {
        context.Response.Headers.ContentLanguage = "en";
        return TypedResults.Content(html, "text/html; charset=utf-8", statusCode: status);
    }

    /// <summary>The page holds personal data and its address is a secret: nobody indexes, stores, frames or passes it on. Answers the
    /// nonce of its one style sheet.</summary>
    private static string Protect(HttpContext context)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        return nonce;
    }

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
