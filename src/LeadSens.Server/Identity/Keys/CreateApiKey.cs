using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Identity;

/// <summary>Makes an API key. It remembers who made it, and ends with the key that it was made with.</summary>
internal sealed class CreateApiKey(Database database) : IUseCase<CreateApiKey, KeysApi.Request, KeysApi.MadeKey>
{
    private const int LongestName = 100, LongestDays = 366;

    private const string InsertSql = """
        insert into api_keys (id, workspace_id, name, key_hash, scopes, created_by, created_at, made_by, made_with, expires_at)
        select $1, $2, $3, $4, $5, $6, clock_now(), coalesce($8::uuid, k.made_by), k.id, least(clock_now() + $7, k.expires_at)
        from (select) one left join api_keys k on k.id = $9::uuid and k.workspace_id = $2 where may_still($2, $8::uuid, $9::uuid, $10, $11) returning expires_at
        """;

    public static UseCase Declaration { get; } = new("createApiKey", "Make an API key; it is shown once", Permission.Manage, Effect.Changes, "key.made");

    public async Task<Outcome<KeysApi.MadeKey>> RunAsync(Caller caller, KeysApi.Request request, CancellationToken cancellationToken)
    {
        var (name, scopes, days) = (request.Name?.Trim() ?? "", (request.Scopes ?? [CallerClaims.ScopeOf(Permission.Read)]).Distinct().ToArray(),
            request.ExpiresInDays ?? 90);
        var errors = Check(name, scopes, days);
        if (errors.Any) return Refusal.Invalid(errors);
        // Nobody gives away more than they have.
        if (scopes.Except(caller.Permissions.Select(CallerClaims.ScopeOf)).ToArray() is { Length: > 0 } more)
            return new Refusal(RefusalKind.Forbidden, "forbidden", "You may not do this.", $"You do not have {string.Join(", ", more)} yourself.");
        var (id, secret) = (Guid.CreateVersion7(), Secret.New(Secret.ApiKey));
        var entry = new AuditEntry(caller.WorkspaceId, caller.By, Declaration.Audits!, "key", id, new JsonObject { ["scopes"] = string.Join(' ',
            scopes), ["days"] = days });
        var made = await database.ChangeAsync<KeysApi.MadeKey>(entry, async connection =>
        {
            var expiresAt = await connection.Sql(InsertSql, id, caller.WorkspaceId, name, secret.Hash, scopes, caller.Name, TimeSpan.FromDays(days),
                caller.By.PersonId, caller.By.KeyId,
                Invitations.Givers, Invitations.Scope).FirstAsync(row => row.GetFieldValue<DateTimeOffset?>(0), cancellationToken);
            return expiresAt is { } ends ? new(id, name, scopes, ends, secret.Text) : null;
        }, cancellationToken);
        // A node that has not heard of it yet lets in who may no more; a key that outlived its maker's would be nobody's.
        return made is null ? new Refusal(RefusalKind.Unauthorized, "unauthorized", "You may do this no more.") : made;
    }

    private static FieldErrors Check(string name, string[] scopes, int days)
    {
        var errors = new FieldErrors();
        errors.Require(name.Length is > 0 and <= LongestName && !name.Any(char.IsControl), "name", $"1 to {LongestName} characters, no control characters.");
        errors.Require(scopes.Length > 0 && scopes.All(Scopes.All.Contains), "scopes", $"Of {string.Join(", ", Scopes.All)}.");
        errors.Require(days is >= 1 and <= LongestDays, "expiresInDays", $"1 to {LongestDays}.");
        return errors;
    }
}
