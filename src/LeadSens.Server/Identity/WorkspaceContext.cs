using System.Security.Claims;
using LeadSens.Server.Audit;

namespace LeadSens.Server.Identity;

/// <summary>The workspace of the call. Endpoints of an API group take it as a parameter: <c>GetCampaign(Guid id, WorkspaceContext caller, …)</c>.</summary>
/// <param name="Caller">Who calls, for audit columns: <c>user:&lt;id&gt;</c> or <c>api-key:&lt;id&gt;</c>.</param>
/// <param name="Role">The person's role; a key has its maker's, or without one the owner's, as far as its scopes go.</param>
internal sealed record WorkspaceContext(Guid WorkspaceId, string Caller, string Role = Roles.Owner)
{
    public const string WorkspaceClaim = "workspace";

    /// <summary>The same for the audit log, with the address that the call came from.</summary>
    public AuditActor By { get; init; } = AuditActor.System;

    /// <summary>Called by the framework for a handler's parameter; null (400) only on an endpoint without authorization.</summary>
    public static ValueTask<WorkspaceContext?> BindAsync(HttpContext context) => new(From(context.User) is { } caller ? caller with { By = AuditActor.Of(context) } : null);

    public static WorkspaceContext? From(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(WorkspaceClaim), out var workspace)
            ? new(workspace, user.Identity?.Name ?? "unknown", user.FindFirstValue(ClaimTypes.Role) ?? Roles.Owner)
            : null;
}
