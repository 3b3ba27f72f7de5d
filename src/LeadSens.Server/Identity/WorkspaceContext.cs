using System.Security.Claims;

namespace LeadSens.Server.Identity;

/// <summary>The caller's workspace. Endpoints of an API group take it as a parameter: <c>GetCampaign(Guid id, WorkspaceContext caller, …)</c>.</summary>
/// <param name="Caller">Who calls, for audit columns: <c>api-key:&lt;name&gt;</c>.</param>
internal sealed record WorkspaceContext(Guid WorkspaceId, string Caller)
{
    public const string WorkspaceClaim = "workspace";

    /// <summary>Called by the framework for a handler's parameter; null (400) only on an endpoint without authorization.</summary>
    public static ValueTask<WorkspaceContext?> BindAsync(HttpContext context) => new(From(context.User));

    public static WorkspaceContext? From(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(WorkspaceClaim), out var workspace)
            ? new(workspace, user.Identity?.Name ?? "unknown")
            : null;
}
