using System.Buffers.Text;
using System.Security.Cryptography;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>An approval behind a link, as it stands.</summary>
/// <param name="Expired">The link, or the time to decide.</param>
internal sealed record LinkedApproval(Guid ApprovalId, string Status, bool Used, bool Expired, byte[] TokenHash)
{
    public bool Usable => Status == ApprovalStatus.Pending && !Used && !Expired;
}

/// <summary>Links that open one approval: 256 random bits, kept only as their hash, used up by a decision.</summary>
internal sealed class ApprovalLinks(NpgsqlDataSource database, PublicAddress address)
{
    private const int TokenBytes = 32;

    /// <summary>A fresh link; null when the approval is not pending or not of this workspace.</summary>
    public async Task<ApprovalLink?> MintAsync(Guid approvalId, WorkspaceContext caller, CancellationToken cancellationToken)
    {
        var token = RandomNumberGenerator.GetBytes(TokenBytes);
        var expiresAt = await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "approval.linked", "approval", approvalId), connection => connection.Sql("""
            insert into approval_tokens (token_hash, approval_id, expires_at, created_at)
            select $1, id, expires_at, clock_now() from approvals where id = $2 and workspace_id = $3 and status = 'pending'
            returning expires_at
            """, SHA256.HashData(token), approvalId, caller.WorkspaceId).FirstAsync(row => row.GetFieldValue<DateTimeOffset?>(0), cancellationToken), cancellationToken);
        return expiresAt is { } expiry ? new($"{address.Url}/approve/{Base64Url.EncodeToString(token)}", expiry) : null;
    }

    /// <summary>The approval that a token opens; null for a token that was never given out.</summary>
    public async Task<LinkedApproval?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (Hash(token) is not { } hash) return null;
        return await database.Sql("""
            select a.id, a.status, t.used_at is not null, t.expires_at <= clock_now() or a.expires_at <= clock_now()
            from approval_tokens t join approvals a on a.id = t.approval_id where t.token_hash = $1
            """, hash).FirstAsync(row => new LinkedApproval(row.GetGuid(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), hash), cancellationToken);
    }

    /// <summary>Uses the token up, in the decision's transaction; false when it was used or has expired.</summary>
    public static async Task<bool> UseAsync(NpgsqlConnection connection, byte[] tokenHash, CancellationToken cancellationToken) =>
        await connection.Sql("update approval_tokens set used_at = clock_now() where token_hash = $1 and used_at is null and expires_at > clock_now()", tokenHash)
            .RunAsync(cancellationToken) == 1;

    private static byte[]? Hash(string token)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        return token.Length == Base64Url.GetEncodedLength(TokenBytes) && Base64Url.TryDecodeFromChars(token, bytes, out var read) && read == TokenBytes
            ? SHA256.HashData(bytes) : null;
    }
}

/// <summary>A link and when it stops working.</summary>
internal sealed record ApprovalLink(string Url, DateTimeOffset ExpiresAt);
