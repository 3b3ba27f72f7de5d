using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Invitations by link: 256 random bits, kept as their hash, good once and for a week. GET shows whereto, only POST joins. One for an address is sent there as well.</summary>
internal static class Invitations
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <param name="Email">Whom it is for; absent: whoever has the link.</param>
    public sealed record Request([property: Required, OneOf(typeof(Roles), Name = "Role")] string? Role, string? Email);

    /// <param name="Url">Shown here and never again.</param>
    public sealed record Made(Guid Id, [property: OneOf(typeof(Roles), Name = "Role")] string Role, string? Email, DateTimeOffset ExpiresAt, string Token, string Url);

    public sealed record Open(Guid Id, [property: OneOf(typeof(Roles), Name = "Role")] string Role, string? Email, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    public sealed record Shown(string Workspace, [property: OneOf(typeof(Roles), Name = "Role")] string Role, DateTimeOffset ExpiresAt);

    public sealed record Joined(Guid WorkspaceId, [property: OneOf(typeof(Roles), Name = "Role")] string Role);

    /// <param name="Email">The key of the address that it is for.</param>
    /// <param name="By">Null for a key.</param>
    /// <param name="With">The key.</param>
    internal sealed record Invitation(Guid Id, Guid WorkspaceId, string Role, string? Email, Secret Link, Guid? By, Guid? With);

    /// <summary>An invitation i that can be used: whoever gave it may still give it. For statements with <see cref="Givers"/> and <see cref="Scope"/> as $1 and $2.</summary>
    public const string Holds = "i.used_at is null and i.expires_at > clock_now() and may_still(i.workspace_id, i.invited_by, i.invited_with, $1, $2)";

    public static readonly string Scope = CallerClaims.ScopeOf(Permission.Manage);

    /// <summary>Who may manage may give each role (<see cref="CallerClaims.MayGive"/>).</summary>
    public static string[] Givers => Roles.WhoMay(Permission.Manage);

    /// <summary>Nothing where whoever was let in may no more.</summary>
    public static Task<DateTimeOffset> InsertAsync(NpgsqlConnection connection, Invitation invitation, CancellationToken cancellationToken) =>
        connection.Sql("""
        insert into workspace_invitations (id, workspace_id, role, email_key, token_hash, invited_by, invited_with, created_at, expires_at)
        select $1, $2, $3, $4::text, $5, $6::uuid, $8::uuid, clock_now(), clock_now() + $7 where may_still($2, $6::uuid, $8::uuid, $9, $10) returning expires_at
        """, invitation.Id, invitation.WorkspaceId, invitation.Role, invitation.Email, invitation.Link.Hash, invitation.By, Lifetime, invitation.With, Givers, Scope)
        .FirstAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken);

    /// <summary>Of the address's account, which is no member's yet; null for people without one.</summary>
    public static async Task<string?> LanguageOfAsync(Database database, string email, CancellationToken cancellationToken)
    {
        using var scope = DatabaseScope.AllWorkspaces();
        return await database.Sql("select language from users where email_key = $1", email).FirstAsync(row => row.GetString(0), cancellationToken);
    }

    /// <param name="language">Null: the workspace's.</param>
    public static async Task WriteAsync(NpgsqlConnection connection, Invitation invitation, string? language, AccountMails texts, Mails mails,
        CancellationToken cancellationToken)
    {
        var (workspace, inviter, own) = await connection.Sql("""
            select w.name, (select concat_ws(' ', first_name, last_name) from users where id = $2::uuid), w.language from workspaces w where w.id = $1
            """, invitation.WorkspaceId, invitation.By).FirstAsync(row => (row.GetString(0), row.Text(1), row.GetString(2)), cancellationToken);
        await mails.AddAsync(connection, texts.Invite(invitation.Id, invitation.WorkspaceId, workspace!, inviter, invitation.Role, invitation.Email!, language ?? own!, invitation.Link, Lifetime), cancellationToken);
    }

    public static async Task<Ok<Page<Open>>> ListAsync(WorkspaceContext caller, [AsParameters] PageRequest page, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Sql($"""
            select i.id, i.role, i.email_key, i.created_at, i.expires_at from workspace_invitations i
            where i.workspace_id = $3 and {Holds} and i.id > $4 order by i.id limit $5
            """, Givers, Scope, caller.WorkspaceId, page.After, page.Size + 1)
            .ListAsync(row => new Open(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4)), cancellationToken);
        return TypedResults.Ok(Page<Open>.Of(rows, page.Size, row => row.Id.ToString()));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(Guid id, WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "invitation.withdrawn", "invitation", id),
            connection => connection.Sql("delete from workspace_invitations where id = $1 and workspace_id = $2 and used_at is null", id, caller.WorkspaceId).RunAsync(cancellationToken), cancellationToken) == 1
            ? TypedResults.NoContent() : Problems.NotFound("invitation_not_found");

    public static async Task<Results<Ok<Shown>, ProblemHttpResult>> ShowAsync(string token, Database database, CancellationToken cancellationToken) =>
        await database.Sql($"""
            select w.name, i.role, i.expires_at from workspace_invitations i join workspaces w on w.id = i.workspace_id where i.token_hash = $3 and {Holds}
            """, Givers, Scope, Secret.HashOf(token)).FirstAsync(row => new Shown(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken) is { } shown
            ? TypedResults.Ok(shown) : Invalid();

    /// <summary>What a registration brought with it, as far as the account of the link may use it.</summary>
    public static Task<Shown?> BroughtAsync(Database database, string link, CancellationToken cancellationToken) => database.Sql($"""
        select w.name, i.role, i.expires_at from account_links l join users u on u.id = l.user_id join workspace_invitations i on i.token_hash = l.invitation_hash join workspaces w on w.id = i.workspace_id
        where l.token_hash = $3 and {Holds} and (i.email_key is null or i.email_key = u.email_key)
        """, Givers, Scope, Secret.HashOf(link)).FirstAsync(row => (Shown?)new Shown(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken);

    public static async Task<Results<Ok<Joined>, ProblemHttpResult>> AcceptAsync(string token, Person caller, AuditActor by, Database database, CancellationToken cancellationToken)
    {
        var (outcome, workspaceId, role) = await JoinWorkspace.ExecuteAsync(database, token, caller.UserId, by, cancellationToken);
        return outcome switch
        {
            JoinWorkspace.Outcome.Joined => TypedResults.Ok(new Joined(workspaceId, role)),
            JoinWorkspace.Outcome.AlreadyMember => Problems.Conflict("already_member", "You are in this workspace already."),
            _ => Invalid(),
        };
    }

    /// <summary>Used, expired, withdrawn, for somebody else or made up: the answer does not tell which.</summary>
    private static ProblemHttpResult Invalid() => Problems.Of(StatusCodes.Status404NotFound, "invitation_invalid", "This invitation opens nothing.", "It may have been used, have expired or be for another address. Ask for a new one.");
}
