using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>A workspace's API keys. The key itself is shown once, when it is made. It remembers who made it, may never more than they may now, and ends with the key that
/// it was made with.</summary>
internal static class KeysApi
{
    private const int LongestName = 100, LongestDays = 366;

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

    public static async Task<Results<Created<MadeKey>, ProblemHttpResult>> CreateAsync(
        Request request, HttpContext context, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        var (name, scopes, days) = (request.Name?.Trim() ?? "", (request.Scopes ?? [Caller.ScopeOf(Permission.Read)]).Distinct().ToArray(), request.ExpiresInDays ?? 90);
        var errors = Check(name, scopes, days);
        if (errors.Any) return Problems.Validation(errors.ByField);
        // Nobody gives away more than they have.
        var own = context.User.Permissions().Select(Caller.ScopeOf);
        if (scopes.Except(own).ToArray() is { Length: > 0 } more)
            return Problems.Of(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", $"You do not have {string.Join(", ", more)} yourself.");
        var (id, secret) = (Guid.CreateVersion7(), Secret.New(Secret.ApiKey));
        var entry = new AuditEntry(caller.WorkspaceId, caller.By, "key.made", "key", id, new JsonObject { ["scopes"] = string.Join(' ', scopes), ["days"] = days });
        var expiresAt = await database.ChangeAsync(entry, connection => connection.Sql("""
            insert into api_keys (id, workspace_id, name, key_hash, scopes, created_by, created_at, made_by, made_with, expires_at)
            select $1, $2, $3, $4, $5, $6, clock_now(), coalesce($8::uuid, k.made_by), k.id, least(clock_now() + $7, k.expires_at)
            from (select) one left join api_keys k on k.id = $9::uuid and k.workspace_id = $2 where may_still($2, $8::uuid, $9::uuid, $10, $11) returning expires_at
            """, id, caller.WorkspaceId, name, secret.Hash, scopes, caller.Caller, TimeSpan.FromDays(days), Person.From(context.User)?.UserId, Caller.KeyOf(context.User), Invitations.Givers, Invitations.Scope)
            .FirstAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken), cancellationToken);
        // A node that has not heard of it yet lets in who may no more; a key that outlived its maker's would be nobody's.
        if (expiresAt == default) return Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "You may do this no more.");
        return TypedResults.Created($"/api/workspaces/{caller.WorkspaceId}/api-keys", new MadeKey(id, name, scopes, expiresAt, secret.Text));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "key.revoked", "key", id),
            connection => connection.Sql("delete from api_keys where id = $1 and workspace_id = $2", id, caller.WorkspaceId).RunAsync(cancellationToken), cancellationToken) == 1
            ? TypedResults.NoContent() : Problems.NotFound("api_key_not_found");

    private static FieldErrors Check(string name, string[] scopes, int days)
    {
        var known = Enum.GetValues<Permission>().Select(Caller.ScopeOf).ToArray();
        var errors = new FieldErrors();
        errors.Require(name.Length is > 0 and <= LongestName && !name.Any(char.IsControl), "name", $"1 to {LongestName} characters, no control characters.");
        errors.Require(scopes.Length > 0 && scopes.All(known.Contains), "scopes", $"Of {string.Join(", ", known)}.");
        errors.Require(days is >= 1 and <= LongestDays, "expiresInDays", $"1 to {LongestDays}.");
        return errors;
    }
}
