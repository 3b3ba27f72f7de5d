using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

internal static class WorkspacesApi
{
    private const int LongestName = 100;

    public sealed record NameRequest([property: Required] string? Name);

    public sealed record DnaRequest([property: Required, Multiline] string? CompanyDna);

    /// <param name="Role">Null for an API key.</param>
    public sealed record WorkspaceView(Guid Id, string Name, [property: OneOf(typeof(Roles), Name = "Role")] string? Role, string CompanyDna, bool IsCurrent);

    public static void MapWorkspaces(this IEndpointRouteBuilder app)
    {
        var workspaces = app.MapApi("/api/workspaces", "workspaces");
        workspaces.MapGet("", ListAsync).Needs(AccessRule.Caller).Named("listWorkspaces", "The caller's workspaces");
        workspaces.MapPost("", CreateAsync).Needs(AccessRule.Person).Named("createWorkspace", "Make a workspace");

        var one = workspaces.MapGroup($"{{{AccessGuard.WorkspaceParameter}:guid}}");
        one.MapPost("switch", SwitchAsync).Needs(AccessRule.Person).Named("switchWorkspace", "Make it the workspace of this session");
        one.MapPost("leave", LeaveAsync).Needs(AccessRule.Person).Named("leaveWorkspace", "Leave a workspace").Refuses(StatusCodes.Status409Conflict);
        one.MapPut("company-dna", (DnaRequest request, UseCaseCall call, SetCompanyDna set) => call.OkAsync(set, request)).Runs(SetCompanyDna.Declaration);
        one.MapPut("language", Languages.ChangeWorkspaceAsync).Needs(Permission.Manage).Named("setWorkspaceLanguage", "In which language people without an account are written to");
        one.MapGet("members", MembersApi.ListAsync).Needs(Permission.Read).Named("listMembers", "Who is in a workspace, as what");
        one.MapPost("members", (Guid workspaceId, Invitations.Request request, UseCaseCall call, Invite invite) =>
            call.CreatedAsync(invite, request, _ => $"/api/workspaces/{workspaceId}/invitations")).Runs(Invite.Declaration);
        one.MapPatch("members/{id:guid}", MembersApi.ChangeAsync).Needs(Permission.Manage).Named("changeMember", "Give a member another role").Refuses(StatusCodes.Status409Conflict);
        one.MapDelete("members/{id:guid}", MembersApi.RemoveAsync).Needs(Permission.Manage).Named("removeMember", "Take a member out").Refuses(StatusCodes.Status409Conflict);
        one.MapDelete("members/{id:guid}/sessions", MembersApi.SignOutAsync).Needs(Permission.Manage).Named("signMemberOut", "End what a member has open in this workspace");
        one.MapGet("invitations", Invitations.ListAsync).Needs(Permission.Manage).Named("listInvitations", "Invitations that can be used");
        one.MapDelete("invitations/{id:guid}", Invitations.WithdrawAsync).Needs(Permission.Manage).Named("withdrawInvitation", "Take an invitation back");
        one.MapGet("api-keys", KeysApi.ListAsync).Needs(Permission.Manage).Named("listApiKeys", "API keys, without the keys themselves");
        one.MapPost("api-keys", (Guid workspaceId, KeysApi.Request request, UseCaseCall call, CreateApiKey create) =>
            call.CreatedAsync(create, request, _ => $"/api/workspaces/{workspaceId}/api-keys")).Runs(CreateApiKey.Declaration);
        one.MapDelete("api-keys/{id:guid}", KeysApi.DeleteAsync).Needs(Permission.Manage).Named("deleteApiKey", "Revoke an API key");

        var invitations = app.MapApi("/api/invitations", "workspaces").Limited(RateRule.Links);
        invitations.MapGet("{token}", Invitations.ShowAsync).Needs(AccessRule.Anybody).Named("getInvitation", "Where an invitation leads");
        invitations.MapPost("{token}", Invitations.AcceptAsync).Needs(AccessRule.Person).Named("acceptInvitation", "Join a workspace").Refuses(StatusCodes.Status409Conflict);
        app.MapInvitationPage();
    }

    /// <summary>All workspaces of a person; a key sees its own.</summary>
    private static async Task<Ok<Page<WorkspaceView>>> ListAsync(HttpContext context, [AsParameters] PageRequest page, Database database, CancellationToken cancellationToken)
    {
        var (person, current) = (Person.From(context.User), WorkspaceContext.From(context.User)?.WorkspaceId ?? Guid.Empty);
        var rows = await database.Sql("""
            select w.id, w.name, m.role, w.company_dna from workspaces w left join workspace_members m on m.workspace_id = w.id and m.user_id = $1
            where (m.user_id is not null or ($1::uuid is null and w.id = $2)) and w.id > $3 order by w.id limit $4
            """, person?.UserId, current, page.After, page.Size + 1)
            .ListAsync(row => new WorkspaceView(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetString(3), row.GetGuid(0) == current), cancellationToken);
        return TypedResults.Ok(Page<WorkspaceView>.Of(rows, page.Size, row => row.Id.ToString()));
    }

    /// <summary>Whoever makes a workspace owns it.</summary>
    private static async Task<Results<Created<WorkspaceView>, ProblemHttpResult>> CreateAsync(NameRequest request, Person caller, AuditActor by, Database database, CancellationToken cancellationToken)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl)) return Problems.Validation(new Dictionary<string, string[]> { ["name"] = [$"1 to {LongestName} characters, no control characters."] });
        var id = Guid.CreateVersion7();
        await database.ChangeAsync(new(id, by, "workspace.made", "workspace", id), connection => connection.Sql("""
            with place as (insert into workspaces (id, name) values ($1, $2) returning id)
            insert into workspace_members (workspace_id, user_id, role, created_at) select id, $3, $4, clock_now() from place
            """, id, name, caller.UserId, Roles.Owner).RunAsync(cancellationToken), cancellationToken);
        return TypedResults.Created("/api/workspaces", new WorkspaceView(id, name, Roles.Owner, "", IsCurrent: false));
    }

    /// <summary>Makes it the workspace of the caller's session. The path's workspace is one of the caller's, or the call did not come here.</summary>
    private static async Task<Ok<AccountView>> SwitchAsync(HttpContext context, Person caller, WorkspaceContext workspace, AccountViews views, Database database, CancellationToken cancellationToken)
    {
        await database.Sql("update user_sessions set workspace_id = $2 where id = $1", caller.SessionId, workspace.WorkspaceId).RunAsync(cancellationToken);
        return TypedResults.Ok(await views.OfAsync(context.User, cancellationToken));
    }

    /// <summary>The last owner stays.</summary>
    private static Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(Person person, WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        MembersApi.RemoveAsync(person.UserId, caller, database, cancellationToken);
}
