using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <param name="Role">Of the person who made it, as it is now; null for a key of the installation. The key may what both may.</param>
internal sealed record ApiKeyOwner(Guid Id, Guid WorkspaceId, string[] Scopes, string? Role, Guid? MadeBy)
{
    /// <summary>For columns that say who. By the id: names are what people call keys, and several may have one.</summary>
    public string Caller => $"api-key:{Id}";
}

/// <summary>API keys are stored as SHA-256 only: they are long random strings, so a slow hash would add nothing.</summary>
internal sealed class ApiKeys(Database database, AccessCache cache, IHostEnvironment environment)
{
    /// <summary>Everybody can read it in this repository, so it opens nothing in production.</summary>
    public const string DevelopmentKey = "leadsens-dev-key";

    /// <summary>One of the requests that come at the same moment writes it, and no other waits for that.</summary>
    private const string UsedSql = """
        update api_keys set last_used_at = clock_now()
        where id = (select id from api_keys where id = $1 and (last_used_at is null or last_used_at < clock_now() - interval '1 minute') for no key update skip locked)
        """;

    private const string Columns = "k.id, k.workspace_id, k.scopes, k.last_used_at is null or k.last_used_at < clock_now() - interval '1 minute', k.expires_at - clock_now(), m.role, k.made_by";
    private const string From = "api_keys k left join workspace_members m on m.workspace_id = k.workspace_id and m.user_id = k.made_by";
    private const string Valid = "k.key_hash <> $2 and (k.expires_at is null or k.expires_at > clock_now()) and (k.made_by is null or m.role is not null)";

    private static readonly byte[] DevelopmentHash = Hash(DevelopmentKey);

    /// <summary>What the key opens; null for an unknown or expired key, and one whose maker has left the workspace.</summary>
    public ValueTask<ApiKeyOwner?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = Hash(key);
        return cache.GetAsync(CredentialKey.Of("key", hash), token => ReadAsync("k.key_hash", hash, token), cancellationToken);
    }

    /// <summary>The same for a session that was opened with the key and lives as long as it.</summary>
    public ValueTask<ApiKeyOwner?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        cache.GetAsync(CredentialKey.Of("key", id), token => ReadAsync("k.id", id, token), cancellationToken);

    public static byte[] Hash(string key) => Secret.HashOf(key);

    private async Task<Read<ApiKeyOwner>> ReadAsync(string column, object value, CancellationToken cancellationToken)
    {
        var (owner, stale, validFor) = await database.Sql($"select {Columns} from {From} where {column} = $1 and {Valid}", value, environment.IsProduction() ? DevelopmentHash : [])
            .FirstAsync(row => (OwnerOf(row), row.GetBoolean(3), row.Maybe<TimeSpan>(4)), cancellationToken);
        if (owner is not null && stale) await database.Sql(UsedSql, owner.Id).RunAsync(cancellationToken);
        return owner is null ? default : new(owner, validFor ?? TimeSpan.MaxValue, owner.Id, owner.MadeBy);
    }

    private static ApiKeyOwner OwnerOf(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetFieldValue<string[]>(2), row.Text(5), row.Maybe<Guid>(6));
}
