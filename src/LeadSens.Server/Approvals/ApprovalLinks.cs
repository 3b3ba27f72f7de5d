using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>An approval behind a link, as it stands.</summary>
/// <param name="Expired">The link, or the time to decide.</param>
/// <param name="Reviewer">As whom the link decides: the person or the key that it was given to.</param>
/// <param name="UserId">That person.</param>
/// <param name="Email">That person's address, for the page.</param>
/// <param name="Role">That person's role in the workspace now, or that of who made the key; a key of the installation acts for the owner.</param>
internal sealed record LinkedApproval(Guid WorkspaceId, Guid ApprovalId, string Status, bool Used, bool Expired, byte[] TokenHash, string Reviewer, Guid? UserId, string? Email, string Role)
{
    public bool Usable => Status == ApprovalStatus.Pending && !Used && !Expired;

    public AuditActor By(HttpContext context) => UserId is { } user ? AuditActor.OfLink(TokenHash, context).As(user) : AuditActor.OfLink(TokenHash, context);
}

/// <summary>Links that open one approval: 256 random bits, kept only as their hash, used up by a decision. A link is of the person or the key that it was given to, and worth
/// nothing once they are not let decide any more.</summary>
internal sealed class ApprovalLinks(Database database, PublicAddress address)
{
    /// <summary>Whose link still holds: a person's while the role may approve, a key's while it is there and its maker may. A link of nobody opens nothing.</summary>
    private const string Holds = "may_still(a.workspace_id, t.user_id, t.key_id, $2, 'approve')";

    public string UrlOf(ApprovalToken token) => $"{address.Url}/approve/{token.Text}";

    /// <summary>A fresh link for the caller; null when the approval is not pending, not of this workspace, or not the caller's to decide.</summary>
    public async Task<ApprovalLink?> MintAsync(Guid approvalId, Caller caller, CancellationToken cancellationToken)
    {
        return await database.ChangeAsync<ApprovalLink>(new(caller.WorkspaceId, caller.By, CreateApprovalLink.Declaration.Audits!, "approval",
            approvalId), async connection =>
        {
            var token = ApprovalToken.New();
            var expiresAt = await connection.Sql("""
                insert into approval_tokens (token_hash, approval_id, workspace_id, user_id, key_id, expires_at, created_at)
                select $1, id, workspace_id, $4::uuid, $5::uuid, expires_at, clock_now() from approvals a
                where id = $2 and workspace_id = $3 and status = 'pending' and not kept_out(a, $6) and (cardinality(roles) = 0 or $7 = any(roles))
                    and may_still(workspace_id, $4::uuid, $5::uuid, $8, 'approve')
                returning expires_at
                """, token.Hash, approvalId, caller.WorkspaceId, caller.By.PersonId, caller.By.KeyId, caller.Name, caller.Role, ApprovalNotices.Roles)
                .FirstAsync(row => row.GetFieldValue<DateTimeOffset?>(0), cancellationToken);
            return expiresAt is { } expiry ? new(UrlOf(token), expiry) : null;
        }, cancellationToken);
    }

    /// <summary>The link that a mail carries.</summary>
    public static Task<int> InsertAsync(NpgsqlConnection connection, ApprovalToken token, Guid approvalId, Guid userId, CancellationToken cancellationToken) => connection.Sql("""
        insert into approval_tokens (token_hash, approval_id, workspace_id, user_id, expires_at, created_at)
        select $1, id, workspace_id, $3, expires_at, clock_now() from approvals where id = $2
        """, token.Hash, approvalId, userId).RunAsync(cancellationToken);

    /// <summary>The approval that a token opens; null for a token that was never given out, or whose owner may not decide any more.</summary>
    public async Task<LinkedApproval?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (ApprovalToken.HashOf(token) is not { } hash) return null;
        return await database.Sql($"""
            select a.workspace_id, a.id, a.status, t.used_at is not null, t.expires_at <= clock_now() or a.expires_at <= clock_now(),
                coalesce('user:' || t.user_id, 'api-key:' || t.key_id), t.user_id, u.email,
                coalesce((select m.role from workspace_members m where m.workspace_id = a.workspace_id and m.user_id = coalesce(t.user_id, (select k.made_by from api_keys k where k.id = t.key_id))), 'owner')
            from approval_tokens t join approvals a on a.id = t.approval_id left join users u on u.id = t.user_id where t.token_hash = $1 and {Holds}
            """, hash, ApprovalNotices.Roles).FirstAsync(row => new LinkedApproval(
                row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), hash, row.GetString(5), row.Maybe<Guid>(6), row.Text(7), row.GetString(8)), cancellationToken);
    }

    /// <summary>Uses the token up, in the decision's transaction; false when it was used, has expired or holds no more.</summary>
    public static async Task<bool> UseAsync(NpgsqlConnection connection, byte[] tokenHash, CancellationToken cancellationToken) => await connection.Sql($"""
        update approval_tokens t set used_at = clock_now() from approvals a
        where t.token_hash = $1 and a.id = t.approval_id and t.used_at is null and t.expires_at > clock_now() and {Holds}
        """, tokenHash, ApprovalNotices.Roles).RunAsync(cancellationToken) == 1;
}

/// <summary>A link and when it stops working.</summary>
internal sealed record ApprovalLink(string Url, DateTimeOffset ExpiresAt);
