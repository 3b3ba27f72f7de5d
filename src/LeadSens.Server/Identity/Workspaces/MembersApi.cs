using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Who is in a workspace, as what. One owner always stays.</summary>
internal static class MembersApi
{
    public sealed record RoleRequest([property: Required, OneOf(typeof(Roles), Name = "Role")] string? Role);

    public sealed record MemberView(Guid Id, string Email, string FirstName, string LastName, [property: OneOf(typeof(Roles), Name = "Role")] string Role, DateTimeOffset JoinedAt);

    public static async Task<Ok<Page<MemberView>>> ListAsync(WorkspaceContext caller, [AsParameters] PageRequest page, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Sql("""
            select u.id, u.email, u.first_name, u.last_name, m.role, m.created_at from workspace_members m join users u on u.id = m.user_id
            where m.workspace_id = $1 and u.id > $2 order by u.id limit $3
            """, caller.WorkspaceId, page.After, page.Size + 1)
            .ListAsync(row => new MemberView(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5)), cancellationToken);
        return TypedResults.Ok(Page<MemberView>.Of(rows, page.Size, row => row.Id.ToString()));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        Guid id, RoleRequest request, HttpContext context, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        if (!Roles.IsRole(request.Role)) return Problems.Validation(new Dictionary<string, string[]> { ["role"] = [$"One of {string.Join(", ", Roles.All)}."] });
        return context.User.MayGive(request.Role!) ? await ApplyAsync(database, caller, id, request.Role, cancellationToken) : TooMuch(request.Role!);
    }

    public static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        ApplyAsync(database, caller, id, null, cancellationToken);

    /// <summary>Ends what a member has open in this workspace, on every device.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> SignOutAsync(Guid id, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        var known = await database.Sql("select exists (select 1 from workspace_members where workspace_id = $1 and user_id = $2)", caller.WorkspaceId, id).FirstAsync(row => row.GetBoolean(0), cancellationToken);
        if (!known) return Problems.NotFound("member_not_found");
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "member.signed_out", "account", id), connection => connection.Sql("""
            update user_sessions set ended_at = clock_now(), ended_by = 'owner' where user_id = $2 and workspace_id = $1 and ended_at is null
            """, caller.WorkspaceId, id).RunAsync(cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    public static ProblemHttpResult TooMuch(string role) =>
        Problems.Of(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", $"The role {role} may more than you do yourself.");

    /// <summary>To who was let in by a node that has not heard yet.</summary>
    public static ProblemHttpResult NoMore() => Problems.Of(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", "Your own role has changed meanwhile.");

    private static Task<bool> MayStillAsync(NpgsqlConnection connection, WorkspaceContext caller, CancellationToken cancellationToken) =>
        connection.Sql("select may_still($1, $2::uuid, $3::uuid, $4, $5)", caller.WorkspaceId, caller.By.PersonId, caller.By.KeyId, Invitations.Givers, Invitations.Scope)
            .FirstAsync(row => row.GetBoolean(0), cancellationToken);

    /// <param name="role">Null: the member goes.</param>
    private static async Task<Results<NoContent, ProblemHttpResult>> ApplyAsync(Database database, WorkspaceContext caller, Guid userId, string? role, CancellationToken cancellationToken)
    {
        var workspaceId = caller.WorkspaceId;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two owners who remove each other at once come one after the other.
        await connection.Sql("select 1 from workspaces where id = $1 for update", workspaceId).RunAsync(cancellationToken);
        // Whoever was let in may have lost the right since, to whom they change here at that or on a node that has not heard of it. To leave needs none.
        if ((role is not null || caller.By.PersonId != userId) && !await MayStillAsync(connection, caller, cancellationToken)) return NoMore();
        var changed = await connection.Sql(role is null
            ? "delete from workspace_members where workspace_id = $1 and user_id = $2 and $3::text is null"
            : "update workspace_members set role = $3 where workspace_id = $1 and user_id = $2", workspaceId, userId, role).RunAsync(cancellationToken);
        if (changed == 0) return Problems.NotFound("member_not_found");
        if (await connection.Sql("select exists (select 1 from workspace_members where workspace_id = $1 and role = $2)", workspaceId, Roles.Owner).FirstAsync(row => !row.GetBoolean(0), cancellationToken))
            return Problems.Conflict("last_owner", "A workspace keeps at least one owner. Make somebody else the owner first.");
        var entry = role is null ? new AuditEntry(workspaceId, caller.By, "member.removed", "account", userId)
            : new AuditEntry(workspaceId, caller.By, "member.changed", "account", userId, new JsonObject { ["role"] = role });
        await AuditLog.AppendAsync(connection, entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
