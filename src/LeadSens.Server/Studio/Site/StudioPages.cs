using System.Reflection;
using System.Text.Encodings.Web;
using LeadSens.Server.Audit;
using LeadSens.Server.Identity;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LeadSens.Server.Studio.Site;

/// <summary>The pages around Elsa Studio's elements: definitions, editor, instances, viewer, and signing in.</summary>
internal static class StudioPages
{
    public const string Root = "/studio";
    public const string SignIn = Root + "/sign-in";

    /// <summary>No inline code but the script that Studio's editors inject, by the hashes of its two forms; WebAssembly needs no eval.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'";

    /// <summary>What the pages are made of, in the assembly.</summary>
    private static readonly (string Name, string Type)[] Parts =
        [("site.js", "text/javascript"), ("dom.js", "text/javascript"), ("offer.js", "text/javascript"), ("waits.js", "text/javascript"), ("site.css", "text/css")];

    private static readonly string Page = Text("page.html");
    private static readonly string SignInPage = Text("sign-in.html");

    public static void MapStudioPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup(Root).ExcludeFromDescription();
        pages.MapGet("/sign-in", ShowSignIn).Needs(AccessRule.Anybody);
        pages.MapPost("/sign-in", SignInAsync).Needs(AccessRule.Anybody).DisableAntiforgery().Limited(RateRule.Login).HashesPassword();
        pages.MapPost("/sign-out", SignOutAsync).Needs(AccessRule.Anybody).DisableAntiforgery();
        foreach (var (name, type) in Parts) pages.MapGet($"/{name}", () => TypedResults.Text(Text(name), type)).Needs(AccessRule.Anybody);
        foreach (var path in (string[])["/", "/definitions/{id}", "/instances", "/instances/{id}"])
            pages.MapGet(path, Show).Needs(Permission.Read);
    }

    private static ContentHttpResult Show(HttpContext context, IAntiforgery antiforgery) =>
        Html(Page
            .Replace("{{token}}", Encode(antiforgery.GetAndStoreTokens(context).RequestToken!), StringComparison.Ordinal)
            .Replace("{{mayEdit}}", context.User.MayEdit() ? "true" : "false", StringComparison.Ordinal));

    private static ContentHttpResult ShowSignIn(HttpContext context, IAntiforgery antiforgery, IHostEnvironment environment, string? returnUrl) =>
        SignInForm(context, antiforgery, environment, returnUrl, "");

    private static async Task<IResult> SignInAsync(
        HttpContext context, [FromForm] string? email, [FromForm] string? password, [FromForm] string? code, [FromForm] string? key, [FromForm] string? returnUrl,
        PageSignIn signIn, IAntiforgery antiforgery, IHostEnvironment environment, CancellationToken cancellationToken)
    {
        var fields = new SignInFields(email, password, code, key, returnUrl);
        if (!await antiforgery.IsRequestValidAsync(context)) return SignInForm(context, antiforgery, environment, fields.ReturnUrl, "The form was too old. Try again.");
        if (await signIn.RefusalAsync(context, fields, cancellationToken) is { } refusal) return SignInForm(context, antiforgery, environment, fields.ReturnUrl, refusal);
        // Only to our own pages: whatever else stands there is another site's.
        return TypedResults.LocalRedirect(IsOurs(fields.ReturnUrl) ? fields.ReturnUrl! : Root + "/");
    }

    private static bool IsOurs(string? page) => page is not null && !page.Contains('\\') && !page.Any(char.IsControl)
        && (page.StartsWith(Root + "/", StringComparison.Ordinal) || page.StartsWith(AccountMails.InvitationPath + "/", StringComparison.Ordinal));

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, Sessions sessions, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return TypedResults.BadRequest();
        if (Person.From(context.User) is { } person) await sessions.EndAsync(person.UserId, person.SessionId, null, "logout", AuditActor.Of(context), cancellationToken);
        await SessionsApi.ForgetBrowserAsync(context);
        return TypedResults.LocalRedirect(SignIn);
    }

    private static ContentHttpResult SignInForm(HttpContext context, IAntiforgery antiforgery, IHostEnvironment environment, string? returnUrl, string problem) =>
        Html(SignInPage
            .Replace("{{token}}", Encode(antiforgery.GetAndStoreTokens(context).RequestToken!), StringComparison.Ordinal)
            .Replace("{{returnUrl}}", Encode(returnUrl ?? ""), StringComparison.Ordinal)
            .Replace("{{problem}}", Encode(problem), StringComparison.Ordinal)
            .Replace("{{key}}", environment.IsProduction() ? "" : ApiKeys.DevelopmentKey, StringComparison.Ordinal)
            .Replace("{{email}}", environment.IsProduction() ? "" : DemoWorkspace.Email, StringComparison.Ordinal));

    private static ContentHttpResult Html(string text) => TypedResults.Text(text, "text/html; charset=utf-8");

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"LeadSens.Server.Studio.Site.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
