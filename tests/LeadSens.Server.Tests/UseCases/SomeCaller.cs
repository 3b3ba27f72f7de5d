using LeadSens.Server.Audit;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Tests.UseCases;

/// <summary>Callers that no adapter made.</summary>
internal static class SomeCaller
{
    public static Caller Of(Guid workspaceId, string role = Roles.Owner, Guid? userId = null)
    {
        var id = userId ?? Guid.CreateVersion7();
        return new(workspaceId, $"user:{id}", role, Roles.Of(role), new(AuditActor.Person, id.ToString()));
    }
}
