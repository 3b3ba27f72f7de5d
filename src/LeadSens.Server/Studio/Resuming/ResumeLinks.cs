using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>For how long a link is wanted; for ever without either.</summary>
internal sealed record LinkRequest(TimeSpan? Lifetime, DateTimeOffset? ExpiresAt);

internal sealed record Link(string Url, DateTimeOffset? ExpiresAt);

/// <summary>Makes links that resume a run without an account. What a person or a key gives out ends with their right to do so; what a workflow gives out is the workflow's.</summary>
internal sealed class ResumeLinks(ResumeTokens tokens, Database database, PublicAddress address, TimeProvider time)
{
    public const string EventPath = $"{StudioGroup.Prefix}/events/trigger";
    public const string BookmarkPath = $"{StudioGroup.Prefix}/bookmarks/resume";

    private const string Since = "(extract(epoch from m.created_at) * 1000000)::bigint";

    /// <summary>Waits for batches, approvals and children are the Server's own.</summary>
    private const string BookmarkSql = $"""
        select b.instance_id, b.activity_type in ('Elsa.Event', 'Elsa.RunTask', 'Elsa.Delay', 'Elsa.Timer', 'Elsa.Cron', 'Elsa.StartAt'),
            coalesce((select resets from users where id = $3::uuid), 0), coalesce((select {Since} from workspace_members m where m.workspace_id = $2 and m.user_id = $3::uuid), 0)
        from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where b.id = $1 and i.workspace_id = $2
        """;

    private const string HoldsSql = $"""
        select may_still($1, $2::uuid, $3::uuid, $4, $5) and coalesce((select resets from users where id = $2::uuid), 0) = $6
            and ($7::bigint is null or coalesce((select {Since} from workspace_members m where m.workspace_id = $1 and m.user_id = $2::uuid), 0) = $7)
        """;

    private static readonly string Scope = CallerClaims.ScopeOf(Permission.Work);
    private static readonly string[] Givers = Roles.WhoMay(Permission.Work);

    /// <summary>What a link is for; null where it was not signed here, was changed, or whoever gave it out may no more, has reset their password or was away since. A link to one wait that names nobody is of a version that
    /// did not keep that, and opens nothing.</summary>
    public async Task<ResumeToken?> OpenAsync(string? text, CancellationToken cancellationToken)
    {
        if (tokens.Read(text) is not { } token) return null;
        if (token is { UserId: null, KeyId: null }) return token.BookmarkId is null ? token : null;
        using var scope = DatabaseScope.Narrow(token.WorkspaceId);
        return await database.Sql(HoldsSql, token.WorkspaceId, token.UserId, token.KeyId, Givers, Scope, token.Resets, token.MemberSince)
            .FirstAsync(row => row.GetBoolean(0), cancellationToken) ? token : null;
    }

    /// <summary>For the script function createEventTriggerUrl.</summary>
    public string OfEvent(EventLinkRequest request) => Write(
        EventPath, new(Guid.CreateVersion7(), request.TenantId, request.InstanceId, null, request.EventName, request.ExpiresAt ?? time.GetUtcNow() + request.Lifetime));

    /// <summary>A link to one wait of a run.</summary>
    public static async Task<Results<Ok<Link>, JsonHttpResult<StudioError>>> OfBookmarkAsync(
        Guid bookmarkId, LinkRequest request, WorkspaceContext caller, ResumeLinks links, Database database, CancellationToken cancellationToken)
    {
        var (instance, isOpen, resets, since) = await database.FirstAsync(
            BookmarkSql, row => (row.GetGuid(0), row.GetBoolean(1), row.GetInt32(2), row.GetInt64(3)), cancellationToken, bookmarkId, caller.WorkspaceId, caller.By.PersonId);
        if (instance == default) return StudioErrors.NotFound($"There is no bookmark '{bookmarkId}'.");
        if (!isOpen) return StudioErrors.BadRequest("This box waits for the Server's own work or for an approval, which no link may stand in for.");
        var expiry = request.ExpiresAt ?? links.Now + request.Lifetime;
        var token = new ResumeToken(bookmarkId, caller.WorkspaceId, instance, bookmarkId, null, expiry) { UserId = caller.By.PersonId, KeyId = caller.By.KeyId, Resets = resets, MemberSince = since };
        return TypedResults.Ok(new Link(links.Write(BookmarkPath, token), expiry));
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private string Write(string path, ResumeToken token) => $"{address.Url}{path}?t={tokens.Write(token)}";
}
