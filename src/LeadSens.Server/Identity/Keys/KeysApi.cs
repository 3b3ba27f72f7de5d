using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>A workspace's API keys. The key itself is shown once, when it is made. It remembers who made it, may never more than they may now, and ends with the key that
/// it was made with.</summary>
internal static class KeysApi
{
    /// <param name="Scopes">read, approve, work, manage; absent: read.</param>
    /// <param name="ExpiresInDays">1 to 366; absent: 90.</param>
    public sealed record Request([property: Required] string? Name, [property: OneOf(typeof(Scopes), Name = "Scope")] IReadOnlyList<string>? Scopes, int? ExpiresInDays);

    public sealed record KeyView(
        Guid Id, string Name, [property: OneOf(typeof(Scopes), Name = "Scope")] IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

    /// <param name="Key">Shown here and never again.</param>
    public sealed record MadeKey(
        Guid Id, string Name, [property: OneOf(typeof(Scopes), Name = "Scope")] IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt, string Key);

    public static async Task<Ok<Page<KeyView>>> ListAsync(WorkspaceContext caller, [AsParameters] PageRequest page, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Sql("""
            select id, name, scopes, created_at, expires_at, last_used_at from api_keys where workspace_id = $1 and id > $2 order by id limit $3
            """, caller.WorkspaceId, page.After, page.Size + 1).ListAsync(row => new KeyView(
                row.GetGuid(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<DateTimeOffset>(3), row.Maybe<DateTimeOffset>(4), row.Maybe<DateTimeOffset>(5)), cancellationToken);
        return TypedResults.Ok(Page<KeyView>.Of(rows, page.Size, row => row.Id.ToString()));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "key.revoked", "key", id),
            connection => connection.Sql("delete from api_keys where id = $1 and workspace_id = $2", id, caller.WorkspaceId).RunAsync(cancellationToken), cancellationToken) == 1
            ? TypedResults.NoContent() : Problems.NotFound("api_key_not_found");
}
