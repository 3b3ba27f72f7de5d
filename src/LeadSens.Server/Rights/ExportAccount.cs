using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Rights;

/// <summary>Everything that is held about an account; no password hash, no token.</summary>
internal static class ExportAccount
{
    private const string Sql = """
        select jsonb_build_object(
            'account', (select to_jsonb(u) - array['password_hash'] - array(select k from jsonb_object_keys(to_jsonb(u)) k where k like '%secret%' or k like '%totp%' or k like '%hash%' or k like 'sealed%') from users u where u.id = $1),
            'workspaces', (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name, 'role', m.role, 'joinedAt', m.created_at)), '[]')
                from workspace_members m join workspaces w on w.id = m.workspace_id where m.user_id = $1),
            'sessions', (select coalesce(jsonb_agg(to_jsonb(s) - 'access_hash' order by s.id), '[]') from user_sessions s where s.user_id = $1),
            'knownDevices', (select coalesce(jsonb_agg(to_jsonb(d) order by d.id), '[]') from known_devices d where d.user_id = $1),
            'invitations', (select coalesce(jsonb_agg(to_jsonb(i) - 'token_hash'), '[]') from workspace_invitations i where i.invited_by = $1 or i.used_by = $1),
            'decisions', (select coalesce(jsonb_agg(jsonb_build_object('approval', a.id, 'status', a.status, 'at', a.decided_at, 'comment', a.comment)), '[]') from approvals a where a.decided_by = 'user:' || $1::text),
            'auditLog', (select coalesce(jsonb_agg(to_jsonb(e) order by e.id), '[]') from audit_entries e where e.actor_kind = 'person' and e.actor_id = $1::text))::text
        """;

    public static async Task<ContentHttpResult> HandleAsync(Person caller, HttpResponse response, Database database, CancellationToken cancellationToken)
    {
        response.Headers.ContentDisposition = "attachment; filename=\"account.json\"";
        return TypedResults.Content(await database.Sql(Sql, caller.UserId).FirstAsync(row => row.GetString(0), cancellationToken), "application/json; charset=utf-8");
    }
}
