using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Invitations by link: 256 random bits, kept as their hash, good once and for a week. GET shows whereto, only POST joins.</summary>
internal static class Invitations
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <param name="Email">Whom it is for; absent: whoever has the link.</param>
    public sealed record Request(string? Role, string? Email);

    /// <param name="Url">Shown here and never again.</param>
    public sealed record Made(Guid Id, string Role, string? Email, DateTimeOffset ExpiresAt, string Token, string Url);

    public sealed record Open(Guid Id, string Role, string? Email, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    public sealed record Shown(string Workspace, string Role, DateTimeOffset ExpiresAt);

    public sealed record Joined(Guid WorkspaceId, string Role);

    public static async Task<Results<Created<Made>, ProblemHttpResult>> InviteAsync(
        Request request, HttpContext context, WorkspaceContext caller, NpgsqlDataSource database, PublicAddress address, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Require(Roles.IsRole(request.Role), "role", $"One of {string.Join(", ", Roles.All)}.");
        if (request.Email is not null) AccountRules.CheckEmail(errors, request.Email);
        if (errors.Any) return Problems.Validation(errors.ByField);
        if (!context.User.MayGive(request.Role!)) return MembersApi.TooMuch(request.Role!);
        var (id, secret, email) = (Guid.CreateVersion7(), Secret.New(Secret.Invitation), EmailAddress.KeyOf(request.Email));
        var entry = new AuditEntry(caller.WorkspaceId, caller.By, "invitation.made", "invitation", id, new JsonObject { ["role"] = request.Role });
        var expiresAt = await database.ChangeAsync(entry, connection => connection.Sql("""
            insert into workspace_invitations (id, workspace_id, role, email_key, token_hash, invited_by, created_at, expires_at)
            values ($1, $2, $3, $4::text, $5, $6::uuid, clock_now(), clock_now() + $7) returning expires_at
            """, id, caller.WorkspaceId, request.Role, email, secret.Hash, Person.From(context.User)?.UserId, Lifetime).FirstAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken), cancellationToken);
        return TypedResults.Created($"/api/workspaces/{caller.WorkspaceId}/invitations", new Made(id, request.Role!, email, expiresAt, secret.Text, $"{address.Url}/api/invitations/{secret.Text}"));
    }

    public static async Task<Ok<Page<Open>>> ListAsync(WorkspaceContext caller, [AsParameters] PageRequest page, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var rows = await database.Sql("""
            select id, role, email_key, created_at, expires_at from workspace_invitations
            where workspace_id = $1 and used_at is null and expires_at > clock_now() and id > $2 order by id limit $3
            """, caller.WorkspaceId, page.After, page.Size + 1)
            .ListAsync(row => new Open(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4)), cancellationToken);
        return TypedResults.Ok(Page<Open>.Of(rows, page.Size, row => row.Id.ToString()));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(Guid id, WorkspaceContext caller, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "invitation.withdrawn", "invitation", id),
            connection => connection.Sql("delete from workspace_invitations where id = $1 and workspace_id = $2 and used_at is null", id, caller.WorkspaceId).RunAsync(cancellationToken), cancellationToken) == 1
            ? TypedResults.NoContent() : Problems.NotFound("invitation_not_found");

    public static async Task<Results<Ok<Shown>, ProblemHttpResult>> ShowAsync(string token, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await database.Sql("""
            select w.name, i.role, i.expires_at from workspace_invitations i join workspaces w on w.id = i.workspace_id
            where i.token_hash = $1 and i.used_at is null and i.expires_at > clock_now()
            """, Secret.HashOf(token)).FirstAsync(row => new Shown(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken) is { } shown
            ? TypedResults.Ok(shown) : Invalid();

    /// <summary>Whoever is a member already keeps the role and does not use the link up.</summary>
    public static async Task<Results<Ok<Joined>, ProblemHttpResult>> AcceptAsync(string token, Person caller, AuditActor by, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var joined = await connection.Sql("""
            update workspace_invitations i set used_at = clock_now(), used_by = $2 from users u
            where i.token_hash = $1 and i.used_at is null and i.expires_at > clock_now() and u.id = $2 and (i.email_key is null or i.email_key = u.email_key)
            returning i.workspace_id, i.role
            """, Secret.HashOf(token), caller.UserId).FirstAsync(row => new Joined(row.GetGuid(0), row.GetString(1)), cancellationToken);
        if (joined is null) return Invalid();
        var added = await connection.Sql("""
            insert into workspace_members (workspace_id, user_id, role, created_at) values ($1, $2, $3, clock_now()) on conflict do nothing
            """, joined.WorkspaceId, caller.UserId, joined.Role).RunAsync(cancellationToken);
        if (added == 0) return Problems.Conflict("already_member", "You are in this workspace already.");
        await AuditLog.AppendAsync(connection, new(joined.WorkspaceId, by, "invitation.accepted", "account", caller.UserId, new JsonObject { ["role"] = joined.Role }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(joined);
    }

    /// <summary>Used, expired, withdrawn, for somebody else or made up: the answer does not tell which.</summary>
    private static ProblemHttpResult Invalid() => Problems.Of(StatusCodes.Status404NotFound, "invitation_invalid", "This invitation opens nothing.", "It may have been used, have expired or be for another address. Ask for a new one.");
}
