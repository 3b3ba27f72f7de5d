using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

internal static class WorkspacesApi
{
    private const int LongestName = 100, LongestDna = 20_000;

    public sealed record NameRequest(string? Name);

    public sealed record DnaRequest([property: Multiline] string? CompanyDna);

    /// <param name="Role">Null for an API key.</param>
    public sealed record WorkspaceView(Guid Id, string Name, string? Role, string CompanyDna, bool IsCurrent);

    public static void MapWorkspaces(this IEndpointRouteBuilder app)
    {
        var workspaces = app.MapGroup("/api/workspaces").WithTags("workspaces").ProducesProblem(StatusCodes.Status401Unauthorized);
        workspaces.MapGet("", ListAsync).Needs(AccessRule.Caller);
        workspaces.MapPost("", CreateAsync).Needs(AccessRule.Person);

        var one = workspaces.MapGroup($"{{{AccessGuard.WorkspaceParameter}:guid}}");
        one.MapPost("switch", SwitchAsync).Needs(AccessRule.Person);
        one.MapPost("leave", LeaveAsync).Needs(AccessRule.Person);
        one.MapPut("company-dna", DescribeAsync).Needs(Permission.Work);
        one.MapPut("language", Languages.ChangeWorkspaceAsync).Needs(Permission.Manage);
        one.MapGet("members", MembersApi.ListAsync).Needs(Permission.Read);
        one.MapPost("members", Invitations.InviteAsync).Needs(Permission.Manage);
        one.MapPatch("members/{id:guid}", MembersApi.ChangeAsync).Needs(Permission.Manage);
        one.MapDelete("members/{id:guid}", MembersApi.RemoveAsync).Needs(Permission.Manage);
        one.MapDelete("members/{id:guid}/sessions", MembersApi.SignOutAsync).Needs(Permission.Manage);
        one.MapGet("invitations", Invitations.ListAsync).Needs(Permission.Manage);
        one.MapDelete("invitations/{id:guid}", Invitations.WithdrawAsync).Needs(Permission.Manage);
        one.MapGet("api-keys", KeysApi.ListAsync).Needs(Permission.Manage);
        one.MapPost("api-keys", KeysApi.CreateAsync).Needs(Permission.Manage);
        one.MapDelete("api-keys/{id:guid}", KeysApi.DeleteAsync).Needs(Permission.Manage);

        var invitations = app.MapGroup("/api/invitations").WithTags("workspaces").Limited(RateRule.Links);
        invitations.MapGet("{token}", Invitations.ShowAsync).Needs(AccessRule.Anybody);
        invitations.MapPost("{token}", Invitations.AcceptAsync).Needs(AccessRule.Person);
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

    /// <summary>The text that every draft is written from.</summary>
    private static async Task<Results<Ok<DnaRequest>, ProblemHttpResult>> DescribeAsync(DnaRequest request, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        if (request.CompanyDna is not { Length: <= LongestDna } text || text.Contains('\0', StringComparison.Ordinal))
            return Problems.Validation(new Dictionary<string, string[]> { ["companyDna"] = [$"A text of at most {LongestDna} characters."] });
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "dna.changed", "workspace", caller.WorkspaceId, new JsonObject { ["characters"] = text.Length }),
            connection => connection.Sql("update workspaces set company_dna = $2 where id = $1", caller.WorkspaceId, text).RunAsync(cancellationToken), cancellationToken);
        return TypedResults.Ok(new DnaRequest(text));
    }
}
