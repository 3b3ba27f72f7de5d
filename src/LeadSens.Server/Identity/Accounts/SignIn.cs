using LeadSens.Server.Data;
using LeadSens.Server.Audit;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace LeadSens.Server.Identity;

/// <summary>Opens a session for a person and says so as the client wants it: a cookie for a browser, tokens for a program.</summary>
internal sealed class SignIn(Database database, Sessions sessions, StartSession start, KnownDevices devices, AccountViews views, IAntiforgery antiforgery, ILogger<SignIn> log)
{
    public async Task<SignedIn> ExecuteAsync(HttpContext context, Guid userId, bool cookie, CancellationToken cancellationToken)
    {
        var sessionId = await start.ExecuteAsync(userId, cookie, context, cancellationToken);
        log.SignedIn(userId, sessionId);
        if (cookie) return await ByCookieAsync(context, sessionId, cancellationToken);
        var tokens = await IssueAsync(sessionId, cancellationToken);
        var owner = (await sessions.FindAsync(tokens.AccessToken, cancellationToken))!;
        return new(await views.OfAsync(CallerClaims.Of(owner, AccessTokenAuthentication.SchemeName), cancellationToken))
        {
            AccessToken = tokens.AccessToken, RefreshToken = tokens.RefreshToken, ExpiresIn = tokens.ExpiresIn, ExpiresAt = tokens.ExpiresAt,
        };
    }

    private async Task<SessionTokens> IssueAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await StartSession.IssueAsync(connection, sessionId, cancellationToken) ?? throw new InvalidOperationException("A session ended before it began.");
    }

    private async Task<SignedIn> ByCookieAsync(HttpContext context, Guid sessionId, CancellationToken cancellationToken)
    {
        await EndReplacedAsync(context, cancellationToken);
        var owner = (await sessions.FindAsync(sessionId, cancellationToken))!;
        await devices.RememberAsync(context, owner.UserId, cancellationToken);
        // The anti-forgery token is bound to who is signed in from now on.
        context.User = CallerClaims.Of(owner, SessionAuthentication.SchemeName);
        await context.SignInAsync(SessionAuthentication.SchemeName, context.User);
        return new(await views.OfAsync(context.User, cancellationToken)) { CsrfToken = antiforgery.GetAndStoreTokens(context).RequestToken };
    }

    /// <summary>The browser forgets the session that its cookie named; nobody else shall find it open.</summary>
    private async Task EndReplacedAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if ((await context.AuthenticateAsync(SessionAuthentication.SchemeName)).Principal is { } before && Person.From(before) is { } person)
            await sessions.EndAsync(person.UserId, person.SessionId, null, "replaced", AuditActor.Of(context).As(person.UserId), cancellationToken);
    }
}
