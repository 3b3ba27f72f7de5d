using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>A new session for somebody who has just shown who they are. Its id and tokens are new, whatever the caller brought: what was there
/// before signing in is worth nothing afterwards.</summary>
internal sealed class StartSession(Database database)
{
    private const int LongestDevice = 200;

    /// <summary>It opens in the workspace where the person was last, else in the one that they joined first. What ended long ago goes.</summary>
    private const string InsertSql = """
        with gone as (delete from user_sessions where user_id = $2 and coalesce(ended_at, expires_at) < clock_now() - interval '30 days'),
        place as (
            select m.workspace_id from workspace_members m where m.user_id = $2
            order by (select max(s.last_seen_at) from user_sessions s where s.user_id = $2 and s.workspace_id = m.workspace_id) desc nulls last, m.created_at, m.workspace_id limit 1)
        insert into user_sessions (id, user_id, workspace_id, kind, device, address, created_at, last_seen_at, expires_at)
        select $1, $2, (select workspace_id from place), $3, $4, $5::text, clock_now(), clock_now(), clock_now() + $6
        """;

    public async Task<Guid> ExecuteAsync(Guid userId, bool cookie, HttpContext context, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var by = AuditActor.Of(context).As(userId);
        var details = new JsonObject { ["session"] = id, ["kind"] = cookie ? "cookie" : "bearer" };
        await database.ChangeNotedAsync((connection, token) => AuditLog.AppendAsync(connection, userId, by, "session.started", details, token), connection => connection.Sql(InsertSql, id, userId, cookie ? "cookie" : "bearer", DeviceOf(context.Request), context.Connection.RemoteIpAddress?.ToString(), Sessions.LongestTime)
            .RunAsync(cancellationToken), cancellationToken);
        return id;
    }

    /// <summary>Replaces the session's access token and adds a refresh token; null when the session has ended meanwhile.</summary>
    public static async Task<SessionTokens?> IssueAsync(NpgsqlConnection connection, Guid sessionId, CancellationToken cancellationToken)
    {
        var (access, refresh) = (Secret.New(Secret.Access), Secret.New(Secret.Refresh));
        var ends = await connection.Sql("""
            with session as (
                update user_sessions set access_hash = $2, access_expires_at = least(expires_at, clock_now() + $3), last_seen_at = clock_now()
                where id = $1 and kind = 'bearer' and ended_at is null and expires_at > clock_now() returning id, expires_at, access_expires_at)
            insert into refresh_tokens (token_hash, session_id, created_at, expires_at)
            select $4, id, clock_now(), least(expires_at, clock_now() + $5) from session returning (select access_expires_at from session)
            """, sessionId, access.Hash, Sessions.AccessTime, refresh.Hash, Sessions.RefreshTime).FirstAsync(row => (DateTimeOffset?)row.GetFieldValue<DateTimeOffset>(0), cancellationToken);
        return ends is { } at ? new(access.Text, refresh.Text, (int)Sessions.AccessTime.TotalSeconds, at) : null;
    }

    /// <summary>What the client calls itself, for the list of sessions: shortened, nothing that a terminal or log would obey.</summary>
    private static string DeviceOf(HttpRequest request)
    {
        var text = new string([.. request.Headers.UserAgent.ToString().Where(letter => letter is >= ' ' and <= '~').Take(LongestDevice)]).Trim();
        return text.Length == 0 ? "unknown" : text;
    }
}
