using System.Security.Claims;

namespace LeadSens.Server.Identity;

/// <summary>What is known of a caller, as claims. A person brings the role in the workspace, a key its scopes.</summary>
internal static class CallerClaims
{
    public const string SessionClaim = "session", KeyClaim = "key", ScopeClaim = "scope";

    /// <summary>A key that a person made has their role as well: it may what both may.</summary>
    public static ClaimsPrincipal Of(ApiKeyOwner key, string scheme) => Principal(scheme,
    [
        .. key.Role is { } role ? (Claim[])[new(ClaimTypes.Role, role)] : [],
        new(ClaimTypes.NameIdentifier, key.Id.ToString()), new(ClaimTypes.Name, key.Caller), new(KeyClaim, key.Id.ToString()),
        new(WorkspaceContext.WorkspaceClaim, key.WorkspaceId.ToString()), .. key.Scopes.Select(scope => new Claim(ScopeClaim, scope)),
    ]);

    /// <summary>Without a membership the session opens no workspace.</summary>
    public static ClaimsPrincipal Of(SessionOwner session, string scheme)
    {
        var claims = new List<Claim>
        {
            new(ClaimTypes.NameIdentifier, session.UserId.ToString()), new(ClaimTypes.Name, $"user:{session.UserId}"), new(SessionClaim,
                session.SessionId.ToString()),
        };
        if (session.Membership is { } member) claims.AddRange([new(WorkspaceContext.WorkspaceClaim, member.WorkspaceId.ToString()),
            new(ClaimTypes.Role, member.Role)]);
        return Principal(scheme, claims);
    }

    /// <summary>Whether the caller may do this in the workspace of the call: what the role gives and, for a key, only what its scopes name.</summary>
    public static bool May(this ClaimsPrincipal user, Permission permission)
    {
        var role = user.FindFirstValue(ClaimTypes.Role);
        var isKey = user.HasClaim(claim => claim.Type == KeyClaim);
        if (role is null && !isKey) return false;
        return (role is null || Roles.Of(role).Contains(permission)) && (!isKey || user.HasClaim(ScopeClaim, ScopeOf(permission)));
    }

    public static IReadOnlyList<Permission> Permissions(this ClaimsPrincipal user) => [.. Enum.GetValues<Permission>().Where(user.May)];

    /// <summary>Nobody gives away more than they have: a role is given by those who may all that it may.</summary>
    public static bool MayGive(this ClaimsPrincipal user, string role) => Roles.Of(role).All(user.May);

    /// <summary>The key that calls; null for a person.</summary>
    public static Guid? KeyOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(KeyClaim), out var id) ? id : null;

    public static string ScopeOf(Permission permission) => permission.ToString().ToLowerInvariant();

    private static ClaimsPrincipal Principal(string scheme, IEnumerable<Claim> claims) => new(new ClaimsIdentity(claims, scheme));
}
