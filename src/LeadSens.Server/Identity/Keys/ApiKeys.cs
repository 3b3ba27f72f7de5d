using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <param name="Caller">For audit columns.</param>
internal sealed record ApiKeyOwner(Guid Id, Guid WorkspaceId, string Caller, string[] Scopes);

/// <summary>API keys are stored as SHA-256 only: they are long random strings, so a slow hash would add nothing.</summary>
internal sealed class ApiKeys(NpgsqlDataSource database, AccessCache cache, IHostEnvironment environment)
{
    /// <summary>Everybody can read it in this repository, so it opens nothing in production.</summary>
    public const string DevelopmentKey = "leadsens-dev-key";

    private const string Columns = "id, workspace_id, name, scopes, last_used_at is null or last_used_at < clock_now() - interval '1 minute', expires_at - clock_now()";
    private const string Valid = "key_hash <> $2 and (expires_at is null or expires_at > clock_now())";

    private static readonly byte[] DevelopmentHash = Hash(DevelopmentKey);

    /// <summary>What the key opens; null for an unknown or expired key.</summary>
    public ValueTask<ApiKeyOwner?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = Hash(key);
        return cache.GetAsync(CredentialKey.Of("key", hash), token => ReadAsync("key_hash", hash, token), cancellationToken);
    }

    /// <summary>The same for a session that was opened with the key and lives as long as it.</summary>
    public ValueTask<ApiKeyOwner?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        cache.GetAsync(CredentialKey.Of("key", id), token => ReadAsync("id", id, token), cancellationToken);

    public static byte[] Hash(string key) => Secret.HashOf(key);

    private async Task<Read<ApiKeyOwner>> ReadAsync(string column, object value, CancellationToken cancellationToken)
    {
        var (owner, stale, validFor) = await database.Sql($"select {Columns} from api_keys where {column} = $1 and {Valid}", value, environment.IsProduction() ? DevelopmentHash : [])
            .FirstAsync(row => (new ApiKeyOwner(row.GetGuid(0), row.GetGuid(1), $"api-key:{row.GetString(2)}", row.GetFieldValue<string[]>(3)), row.GetBoolean(4), row.Maybe<TimeSpan>(5)), cancellationToken);
        if (owner is not null && stale) await database.Sql("update api_keys set last_used_at = clock_now() where id = $1", owner.Id).RunAsync(cancellationToken);
        return owner is null ? default : new(owner, validFor ?? TimeSpan.MaxValue, owner.Id, null);
    }
}
