using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Takes a person into a workspace by an invitation, in the caller's transaction. Whoever is a member already keeps the role and does not use the link up.</summary>
internal static class JoinWorkspace
{
    public enum Outcome
    {
        Joined,
        AlreadyMember,
        Invalid,
    }

    public static async Task<(Outcome Outcome, Guid WorkspaceId, string Role)> ExecuteAsync(NpgsqlConnection connection, byte[] tokenHash, Guid userId, AuditActor by, CancellationToken cancellationToken)
    {
        var (workspaceId, role, isMember) = await connection.Sql($"""
            select i.workspace_id, i.role, exists (select from workspace_members m where m.workspace_id = i.workspace_id and m.user_id = u.id)
            from workspace_invitations i join users u on u.id = $4
            where i.token_hash = $3 and {Invitations.Holds} and (i.email_key is null or i.email_key = u.email_key) for update of i
            """, Invitations.Givers, Invitations.Scope, tokenHash, userId).FirstAsync(row => (row.GetGuid(0), row.GetString(1), row.GetBoolean(2)), cancellationToken);
        if (workspaceId == Guid.Empty) return (Outcome.Invalid, workspaceId, "");
        if (isMember) return (Outcome.AlreadyMember, workspaceId, role);
        await connection.Sql("update workspace_invitations set used_at = clock_now(), used_by = $2 where token_hash = $1", tokenHash, userId).RunAsync(cancellationToken);
        await connection.Sql("""
            insert into workspace_members (workspace_id, user_id, role, created_at) values ($1, $2, $3, clock_now()) on conflict do nothing
            """, workspaceId, userId, role).RunAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, new(workspaceId, by, "invitation.accepted", "account", userId, new JsonObject { ["role"] = role }), cancellationToken);
        return (Outcome.Joined, workspaceId, role);
    }

    /// <summary>In a transaction of its own.</summary>
    public static async Task<(Outcome Outcome, Guid WorkspaceId, string Role)> ExecuteAsync(Database database, string token, Guid userId, AuditActor by, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var joined = await ExecuteAsync(connection, Secret.HashOf(token), userId, by, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return joined;
    }
}
