using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>What a person sees after coming back from a provider: a page without script and without anything from the address.</summary>
internal static class ConnectionPage
{
    private const string Style = "body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; background: #fff }";

    public static ContentHttpResult Of(HttpContext context, int status, string title, string text)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        // The address holds a code and a state.
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentLanguage = "en";
        var (heading, body) = (HtmlEncoder.Default.Encode(title), HtmlEncoder.Default.Encode(text));
        return TypedResults.Content($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{heading} · LeadSens</title>
            <style nonce="{nonce}">{Style}</style>
            </head>
            <body><main><h1>{heading}</h1><p>{body}</p></main></body>
            </html>
            """, "text/html; charset=utf-8", statusCode: status);
    }
}
