using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>For how long a link is wanted; for ever without either.</summary>
internal sealed record LinkRequest(TimeSpan? Lifetime, DateTimeOffset? ExpiresAt);

internal sealed record Link(string Url, DateTimeOffset? ExpiresAt);

/// <summary>Makes links that resume a run without an account.</summary>
internal sealed class ResumeLinks(ResumeTokens tokens, PublicAddress address, TimeProvider time)
{
    public const string EventPath = $"{StudioGroup.Prefix}/events/trigger";
    public const string BookmarkPath = $"{StudioGroup.Prefix}/bookmarks/resume";

    /// <summary>Waits for batches, approvals and children are the Server's own.</summary>
    private const string BookmarkSql = """
        select b.instance_id, b.activity_type in ('Elsa.Event', 'Elsa.RunTask', 'Elsa.Delay', 'Elsa.Timer', 'Elsa.Cron', 'Elsa.StartAt')
        from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where b.id = $1 and i.workspace_id = $2
        """;

    /// <summary>For the script function createEventTriggerUrl.</summary>
    public string OfEvent(EventLinkRequest request) => Write(
        EventPath, new(Guid.CreateVersion7(), request.TenantId, request.InstanceId, null, request.EventName, request.ExpiresAt ?? time.GetUtcNow() + request.Lifetime));

    /// <summary>A link to one wait of a run.</summary>
    public static async Task<Results<Ok<Link>, JsonHttpResult<StudioError>>> OfBookmarkAsync(
        Guid bookmarkId, LinkRequest request, WorkspaceContext caller, ResumeLinks links, Database database, CancellationToken cancellationToken)
    {
        var (instance, isOpen) = await database.FirstAsync(BookmarkSql, row => (row.GetGuid(0), row.GetBoolean(1)), cancellationToken, bookmarkId, caller.WorkspaceId);
        if (instance == default) return StudioErrors.NotFound($"There is no bookmark '{bookmarkId}'.");
        if (!isOpen) return StudioErrors.BadRequest("This box waits for the Server's own work or for an approval, which no link may stand in for.");
        var expiry = request.ExpiresAt ?? links.Now + request.Lifetime;
        return TypedResults.Ok(new Link(links.Write(BookmarkPath, new(bookmarkId, caller.WorkspaceId, instance, bookmarkId, null, expiry)), expiry));
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private string Write(string path, ResumeToken token) => $"{address.Url}{path}?t={tokens.Write(token)}";
}
