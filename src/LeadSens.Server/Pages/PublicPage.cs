using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Pages;

/// <summary>What stands on a page that anybody can open who has its link.</summary>
/// <param name="Html">Every text of somebody else in it went through <see cref="PublicPage.Text"/>.</param>
internal sealed record PageContent(string Title, string Html, bool Wide = false)
{
    /// <summary>A heading and a sentence.</summary>
    public static PageContent Message(string title, string text) => new(title, $"<h1>{PublicPage.Text(title)}</h1><p>{PublicPage.Text(text)}</p>");
}

/// <summary>The one layout of the pages behind links: works without script, and nobody indexes, stores, frames or passes it on, because its address is a secret.</summary>
internal static class PublicPage
{
    private const string Style = """
        body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; padding: 1rem; color: #1a1a1a; background: #f3f5fa }
        main { max-width: 30rem; margin: 8vh auto 0; padding: 1.75rem 2rem; background: #fff; border: 1px solid #dde2ec; border-radius: .5rem }
        main.wide { max-width: 52rem; margin-top: 1rem } h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 1rem; overflow-wrap: anywhere } .brand { color: #14213d; font-weight: 600; margin: 0 0 .5rem }
        h2 { font-size: 1.1rem } fieldset { border: 1px solid #767676; border-radius: .4rem; margin: 1.5rem 0; padding: 1rem } section { margin-top: 2rem }
        legend { font-weight: 600 } .mail { border-left: 3px solid #767676; padding-left: 1rem; margin: 1rem 0 }
        .text { white-space: pre-wrap; overflow-wrap: anywhere } .flag, .problem { color: #8a1500 } .small { color: #5b6478; font-size: .9rem }
        label { display: block; margin: .8rem 0 .2rem } input[type=text], input[type=email], input[type=password], textarea { width: 100%; font: inherit; box-sizing: border-box; padding: .5rem; border: 1px solid #767676; border-radius: .3rem }
        .inline { display: inline } .choice label { display: inline-block; margin-right: 1.2rem } button, .button { font: inherit; padding: .6rem 1.2rem; margin: 1rem .6rem .3rem 0; border: 1px solid #14213d; border-radius: .3rem; background: #fff; color: #14213d; cursor: pointer; text-decoration: none; display: inline-block }
        button.first, .button.first { background: #14213d; color: #fff } :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px }
        """;

    public static ContentHttpResult Of(HttpContext context, int status, string language, PageContent page)
    {
        var nonce = Protect(context, language);
        return TypedResults.Content($"""
            <!doctype html>
            <html lang="{language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex, nofollow">
            <meta name="referrer" content="no-referrer">
            <title>{Text(page.Title)} · LeadSens</title>
            <link rel="icon" href="data:,">
            <style nonce="{nonce}">{Style}</style>
            </head>
            <body><main{(page.Wide ? " class=\"wide\"" : "")}><p class="brand">LeadSens</p>{page.Html}</main></body>
            </html>
            """, "text/html; charset=utf-8", statusCode: status);
    }

    public static string Text(string? text) => text is null ? "" : HtmlEncoder.Default.Encode(text);

    /// <summary>Answers the nonce of the page's one style sheet.</summary>
    public static string Protect(HttpContext context, string language)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        headers.ContentLanguage = language;
        return nonce;
    }
}
