using System.Text.Json;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Audit;

/// <summary>A line of the audit log as its owners read it.</summary>
internal sealed record AuditView(
    Guid Id, DateTimeOffset At, [property: OneOf(typeof(AuditActor), Name = "ActorKind")] string ActorKind, string? ActorId, string Action, string? SubjectKind, string? SubjectId, string? Address, JsonElement? Details)
{
    public const string Columns = "id, at, actor_kind, actor_id, action, subject_kind, subject_id, address, details";

    public static AuditView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.Text(3), row.GetString(4), row.Text(5), row.Text(6), row.Text(7),
        row.Text(8) is { } details ? JsonSerializer.Deserialize<JsonElement>(details) : null);
}

/// <summary>Which lines.</summary>
/// <param name="Actor">A kind (person, key, link, system, nobody) or an id.</param>
/// <param name="Action">An action, or a noun for all of its actions.</param>
/// <param name="Subject">A kind or an id.</param>
/// <param name="Until">Not this moment any more.</param>
internal readonly record struct AuditFilter(string? Actor, string? Action, string? Subject, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>With the workspace as $1 and then <see cref="Values"/>.</summary>
    public const string Sql = """
        workspace_id = $1 and ($2::text is null or actor_kind = $2 or actor_id = $2) and ($3::text is null or action = $3 or split_part(action, '.', 1) = $3)
        and ($4::text is null or subject_kind = $4 or subject_id = $4) and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6)
        """;

    public object?[] Values(Guid workspaceId) => [workspaceId, Actor, Action, Subject, From?.ToUniversalTime(), Until?.ToUniversalTime()];
}

/// <summary>What was done in a workspace, for its owners.</summary>
internal static class AuditApi
{
    private const string ListSql = $"select {AuditView.Columns} from audit_entries where {AuditFilter.Sql} and ($7::uuid is null or id < $7) order by id desc limit $8";

    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        var audit = app.MapApiGroup("audit").Needs(Permission.Manage);
        audit.MapGet("", ListAsync).Named("listAuditEntries", "What was done in the workspace, the newest first");
        audit.MapGet("download", DownloadAudit.HandleAsync).WaitsOutside().Named("downloadAudit", "The audit log as CSV or JSON lines")
            .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/jsonl");
        audit.MapGet("verification", VerifyAudit.HandleAsync).Named("verifyAudit", "Whether the audit log is what was written");
    }

    /// <summary>The newest first.</summary>
    private static async Task<Ok<Page<AuditView>>> ListAsync(
        [AsParameters] AuditFilter filter, [AsParameters] PageRequest page, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        Guid? before = page.After == Guid.Empty ? null : page.After;
        var rows = await database.Sql(ListSql, [.. filter.Values(caller.WorkspaceId), before, page.Size + 1]).ListAsync(AuditView.Read, cancellationToken);
        return TypedResults.Ok(Page<AuditView>.Of(rows, page.Size, row => row.Id.ToString()));
    }
}
