using System.Security.Cryptography;
using System.Text.Encodings.Web;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>What a signed link answers: a page that works without script, or a Studio error to a program.</summary>
internal static class LinkPage
{
    private const string Style = """
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; background: #fff }
        button { font: inherit; padding: .6rem 1.2rem } :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px }
        """;

    /// <summary>The form posts to the address that it came from, query and all.</summary>
    public static IResult Ask(HttpContext context, string question) =>
        Html(context, StatusCodes.Status200OK, question, "<form method=\"post\"><button type=\"submit\">Continue</button></form>");

    public static IResult Unknown(HttpContext context) =>
        Refused(context, StatusCodes.Status404NotFound, "This link opens nothing. It may be incomplete: copy it whole, or ask for a new one.");

    public static IResult Expired(HttpContext context) => Refused(context, StatusCodes.Status410Gone, "The time of this link is over.");

    public static IResult Answer(HttpContext context, ResumeOutcome outcome) => outcome switch
    {
        ResumeOutcome.Delivered or ResumeOutcome.Repeated when IsBrowser(context) => Html(context, StatusCodes.Status200OK, "Thank you, this is done.", ""),
        ResumeOutcome.Delivered or ResumeOutcome.Repeated => TypedResults.Ok(),
        ResumeOutcome.Over => Refused(context, StatusCodes.Status409Conflict, "Nothing waits for this now: it is over, or has not come to it yet."),
        _ => Unknown(context),
    };

    public static IResult Refused(HttpContext context, int status, string why) => IsBrowser(context)
        ? Html(context, status, why, "")
        : TypedResults.Json(new StudioError(status, why, new Dictionary<string, string[]> { [StudioErrors.General] = [why] }), statusCode: status);

    private static bool IsBrowser(HttpContext context) => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        || HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || context.Request.HasFormContentType;

    /// <summary>The address is a secret: nobody indexes, stores, frames or passes it on.</summary>
    private static ContentHttpResult Html(HttpContext context, int status, string title, string body)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        var text = HtmlEncoder.Default.Encode(title);
        return TypedResults.Content($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{text} · LeadSens</title>
            <style nonce="{nonce}">{Style}</style>
            </head>
            <body><main><h1>{text}</h1>{body}</main></body>
            </html>
            """, "text/html; charset=utf-8", statusCode: status);
    }
}
