using System.Security.Claims;

namespace LeadSens.Server.Identity;

/// <summary>The person who calls, and with which session. Endpoints for persons take it as a parameter.</summary>
internal sealed record Person(Guid UserId, Guid SessionId)
{
    /// <summary>Called by the framework for a handler's parameter.</summary>
    public static ValueTask<Person?> BindAsync(HttpContext context) => new(From(context.User));

    /// <summary>Null for a key, and for nobody.</summary>
    public static Person? From(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(CallerClaims.SessionClaim), out var session)
            && Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            ? new(id, session)
            : null;
}
