using System.Security.Claims;
using LeadSens.Server.Audit;

namespace LeadSens.Server.Identity;

/// <summary>Who calls a use case, whatever it was called through: a person or a key, in one workspace.</summary>
/// <param name="Name">For columns that say who: <c>user:&lt;id&gt;</c> or <c>api-key:&lt;id&gt;</c>.</param>
/// <param name="Role">The person's; a key has its maker's, or without one the owner's, as far as its scopes go.</param>
/// <param name="By">The same for the audit log, with the address that the call came from.</param>
internal sealed record Caller(Guid WorkspaceId, string Name, string Role, IReadOnlyList<Permission> Permissions, AuditActor By)
{
    public bool May(Permission permission) => Permissions.Contains(permission);

    /// <summary>Null for whoever is in no workspace.</summary>
    public static Caller? From(ClaimsPrincipal user, string? address) => WorkspaceContext.From(user) is { } place
        ? new(place.WorkspaceId, place.Caller, place.Role, user.Permissions(), AuditActor.Of(user, address)) : null;
}
