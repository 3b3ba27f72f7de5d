using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <param name="Membership">Null for whoever is in no workspace (any more).</param>
internal sealed record SessionOwner(Guid SessionId, Guid UserId, Membership? Membership);

internal sealed record Membership(Guid WorkspaceId, string Role);

/// <summary>Tokens of a session as they are given out.</summary>
/// <param name="ExpiresIn">Seconds until the access token ends.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record SessionTokens(string AccessToken, string RefreshToken, int ExpiresIn, DateTimeOffset ExpiresAt);

/// <summary>Sessions are rows. Whose they are, whether they have ended and which role counts is read, or remembered for as long as this node
/// would hear of a change: an end and a change of role hold from the next request on.</summary>
internal sealed class Sessions(Database database, AccessCache cache, IHostEnvironment environment)
{
    public static readonly TimeSpan AccessTime = TimeSpan.FromMinutes(15), RefreshTime = TimeSpan.FromDays(14), LongestTime = TimeSpan.FromDays(30);

    /// <summary>The demo's login is known to everybody: it opens nothing in production, also where a session of it was left over.</summary>
    private const string FindSql = """
        select s.id, s.user_id, m.workspace_id, m.role, s.last_seen_at < clock_now() - interval '1 minute',
            least(s.expires_at, s.access_expires_at) - clock_now()
        from user_sessions s left join workspace_members m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
        where s.ended_at is null and s.expires_at > clock_now() and s.user_id <> $2 and
        """;

    public ValueTask<SessionOwner?> FindAsync(string accessToken, CancellationToken cancellationToken)
    {
        var hash = Secret.HashOf(accessToken);
        return cache.GetAsync(CredentialKey.Of("bearer", hash), token => ReadAsync("s.kind = 'bearer' and s.access_hash = $1 and s.access_expires_at > clock_now()", hash, token), cancellationToken);
    }

    /// <summary>The session of a cookie, which names it. Unused for as long as the cookie lasts it is over, whatever a copy of the cookie says.</summary>
    public ValueTask<SessionOwner?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        cache.GetAsync(CredentialKey.Of("cookie", id), token => ReadAsync("s.kind = 'cookie' and s.id = $1 and s.last_seen_at > clock_now() - interval '12 hours'", id, token), cancellationToken);

    /// <summary>Ends sessions of one person; answers how many were open.</summary>
    /// <param name="sessionId">Only this one; null: all.</param>
    /// <param name="but">Not this one.</param>
    public async Task<int> EndAsync(Guid userId, Guid? sessionId, Guid? but, string reason, AuditActor by, CancellationToken cancellationToken)
    {
        try
        {
            return await database.ChangeNotedAsync(
                (connection, token) => AuditLog.AppendAsync(connection, userId, by, "session.ended", new JsonObject { ["reason"] = reason, ["session"] = sessionId?.ToString() ?? "all" }, token),
                connection => EndAsync(connection, userId, sessionId, but, reason, cancellationToken), cancellationToken);
        }
        finally
        {
            cache.Forget(userId);
        }
    }

    /// <summary>In the caller's transaction, which notes why. Endpoints that do this without being a person's own say <see cref="AccessRules.ChangesAccess"/>.</summary>
    public static Task<int> EndAsync(NpgsqlConnection connection, Guid userId, Guid? sessionId, Guid? but, string reason, CancellationToken cancellationToken) => connection.Sql("""
        update user_sessions set ended_at = clock_now(), ended_by = $4
        where user_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3) and ended_at is null and expires_at > clock_now()
        """, userId, sessionId, but, reason).RunAsync(cancellationToken);

    private async Task<Read<SessionOwner>> ReadAsync(string condition, object value, CancellationToken cancellationToken)
    {
        var (owner, stale, validFor) = await database.Sql($"{FindSql} {condition}", value, environment.IsProduction() ? DemoWorkspace.UserId : Guid.Empty).FirstAsync(Read, cancellationToken);
        if (owner is not null && stale) await database.Sql("update user_sessions set last_seen_at = clock_now() where id = $1", owner.SessionId).RunAsync(cancellationToken);
        return owner is null ? default : new(owner, validFor, owner.SessionId, owner.UserId);
    }

    private static (SessionOwner Owner, bool Stale, TimeSpan ValidFor) Read(NpgsqlDataReader row) =>
        (new(row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : new(row.GetGuid(2), row.GetString(3))), row.GetBoolean(4), row.GetFieldValue<TimeSpan>(5));
}
