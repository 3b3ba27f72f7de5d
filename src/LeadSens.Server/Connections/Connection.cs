using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Connections;

/// <summary>What a provider lets us in with.</summary>
/// <param name="Secret">The API key, or the access token.</param>
/// <param name="RefreshToken">Null for a key.</param>
internal sealed record ConnectionCredential(string Secret, string? RefreshToken = null)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ConnectionJson.Default.ConnectionCredential);

    public static ConnectionCredential FromBytes(byte[] bytes) => JsonSerializer.Deserialize(bytes, ConnectionJson.Default.ConnectionCredential)!;

    /// <summary>Nobody gets to see it by printing the record.</summary>
    public override string ToString() => "(credential)";
}

/// <summary>States of a connection.</summary>
internal static class ConnectionState
{
    public const string Connected = "connected";

    /// <summary>The provider takes the credentials no more; work that needs them waits until a person connects again.</summary>
    public const string Broken = "broken";

    /// <summary>A person ended it; nothing of the credentials is left.</summary>
    public const string Disconnected = "disconnected";
}

/// <summary>A workspace's own account at a provider, without its credentials.</summary>
internal sealed record Connection(
    Guid Id, Guid WorkspaceId, string Provider, string State, string Method, bool IsSandbox, string AccountKey, string? AccountId, string? AccountName,
    string[] Scopes, long Version, TimeSpan? ExpiresIn, string Health, string? ErrorCode, string? Error, byte[]? Sealed,
    DateTimeOffset? ExpiresAt, DateTimeOffset? CheckedAt, DateTimeOffset ConnectedAt)
{
    public const string Columns = """
        id, workspace_id, provider, state, method, is_sandbox, account_key, account_id, account_name, scopes, version, expires_at - clock_now(), health, error_code, error, credentials, expires_at, checked_at, connected_at
        """;

    public static Connection Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetBoolean(5), row.GetString(6), row.Text(7), row.Text(8),
        row.GetFieldValue<string[]>(9), row.GetInt64(10), row.Maybe<TimeSpan>(11), row.GetString(12), row.Text(13), row.Text(14), row.Nullable<byte[]>(15),
        row.Maybe<DateTimeOffset>(16), row.Maybe<DateTimeOffset>(17), row.GetFieldValue<DateTimeOffset>(18));

    public override string ToString() => $"{Provider} {Id} {State}";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConnectionCredential))]
internal sealed partial class ConnectionJson : JsonSerializerContext;
