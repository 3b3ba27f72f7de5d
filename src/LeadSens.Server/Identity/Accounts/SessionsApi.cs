using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>A person's own sessions: where they are signed in, and how to end that.</summary>
internal static class SessionsApi
{
    public sealed record SessionView(
        Guid Id, [property: OneOf("SessionKind", "cookie", "bearer")] string Kind, string Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, bool IsCurrent);

    public static async Task<Ok<Page<SessionView>>> ListAsync(Person caller, [AsParameters] PageRequest page, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Sql("""
            select id, kind, device, address, created_at, last_seen_at, expires_at from user_sessions
            where user_id = $1 and ended_at is null and expires_at > clock_now() and ($2 = $4 or id < $2) order by id desc limit $3
            """, caller.UserId, page.After, page.Size + 1, Guid.Empty).ListAsync(row => new SessionView(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5),
                row.GetFieldValue<DateTimeOffset>(6), row.GetGuid(0) == caller.SessionId), cancellationToken);
        return TypedResults.Ok(Page<SessionView>.Of(rows, page.Size, row => row.Id.ToString()));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(Guid id, Person caller, AuditActor by, Sessions sessions, CancellationToken cancellationToken) =>
        await sessions.EndAsync(caller.UserId, id, null, "revoked", by, cancellationToken) == 1 ? TypedResults.NoContent() : Problems.NotFound("session_not_found");

    /// <summary>All of them, this one as well.</summary>
    public static async Task<NoContent> EndAllAsync(Person caller, HttpContext context, Sessions sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(caller.UserId, null, null, "revoked", AuditActor.Of(context), cancellationToken);
        return await ForgetAsync(context);
    }

    public static async Task<NoContent> LogoutAsync(Person caller, HttpContext context, Sessions sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(caller.UserId, caller.SessionId, null, "logout", AuditActor.Of(context), cancellationToken);
        return await ForgetAsync(context);
    }

    private static async Task<NoContent> ForgetAsync(HttpContext context)
    {
        if (context.User.Identity?.AuthenticationType == SessionAuthentication.SchemeName) await ForgetBrowserAsync(context);
        return TypedResults.NoContent();
    }

    /// <summary>The browser drops its cookie, and what it kept of the pages.</summary>
    public static Task ForgetBrowserAsync(HttpContext context)
    {
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return context.SignOutAsync(SessionAuthentication.SchemeName);
    }
}
