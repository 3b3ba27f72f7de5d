using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Connections;

/// <summary>An account as the provider showed it when somebody connected it.</summary>
/// <param name="AccountKey">Names it in limits, circuits and intents.</param>
/// <param name="ExpiresIn">Of the access token; null for a key.</param>
internal sealed record NewConnection(
    string Provider, string Method, bool IsSandbox, string AccountKey, string? AccountId, string? AccountName, IReadOnlyList<string> Scopes,
    ConnectionCredential Credential, TimeSpan? ExpiresIn);

/// <summary>The rows of connections. Everything that comes from credentials names their version, and is not written over newer ones.</summary>
internal sealed class ConnectionRows(Database database, SecretBox box)
{
    private const string IdSql = """
        insert into connections (id, workspace_id, provider, state, method, is_sandbox, account_key, health, rotated_at, connected_by, connected_at, created_at, updated_at)
        values ($1, $2, $3, 'disconnected', $4, $5, $6, 'unknown', clock_now(), $7, clock_now(), clock_now(), clock_now())
        on conflict (workspace_id, provider) do update set updated_at = clock_now() returning id
        """;

    private const string ConnectSql = """
        update connections set state = 'connected', method = $2, is_sandbox = $3, account_key = $4, account_id = $5::text, account_name = $6::text, scopes = $7,
            credentials = $8, version = version + 1, expires_at = clock_now() + $9::interval, rotated_at = clock_now(), health = 'ok', error_code = null, error = null,
            checked_at = clock_now(), refresh_token = null, refresh_node = null, refresh_until = null, doubted_at = null,
            connected_by = $10, connected_at = clock_now(), updated_at = clock_now()
        where id = $1
        """;

    private const string DisconnectSql = """
        update connections set state = 'disconnected', credentials = null, version = version + 1, expires_at = null, rotated_at = clock_now(), scopes = '{}', health = 'unknown',
            error_code = null, error = null, refresh_token = null, refresh_node = null, refresh_until = null, doubted_at = null, updated_at = clock_now()
        where id = $1 and workspace_id = $2
        """;

    public Task<Connection?> FindAsync(Guid workspaceId, string provider, CancellationToken cancellationToken) =>
        database.Sql($"select {Connection.Columns} from connections where workspace_id = $1 and provider = $2", workspaceId, provider).FirstAsync(Connection.Read, cancellationToken);

    public Task<Connection?> FindAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken) =>
        database.Sql($"select {Connection.Columns} from connections where workspace_id = $1 and id = $2", workspaceId, id).FirstAsync(Connection.Read, cancellationToken);

    public Task<List<Connection>> AllAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        database.Sql($"select {Connection.Columns} from connections where workspace_id = $1", workspaceId).ListAsync(Connection.Read, cancellationToken);

    public ConnectionCredential Open(Connection connection) =>
        ConnectionCredential.FromBytes(box.Open(connection.Sealed!, SealedColumns.Credentials, connection.WorkspaceId.ToString(), connection.Id.ToString()));

    /// <summary>As <see cref="Open"/>; what was sealed with a key that is gone is refused, so that whoever needs it waits until somebody connects again.</summary>
    public ProviderResult<ConnectionCredential> TryOpen(Connection connection)
    {
        try
        {
            return Open(connection);
        }
        catch (SealBrokenException)
        {
            return new ProviderFailure(ProviderFailureKind.Unauthorized, connection.Provider,
                "The credentials of the connection cannot be read any more: they were sealed with another encryption key.") { Status = 401 };
        }
    }

    public byte[] Seal(Guid workspaceId, Guid id, ConnectionCredential credential) => box.Seal(credential.ToBytes(), SealedColumns.Credentials, workspaceId.ToString(), id.ToString());

    /// <summary>Puts the account in the place of what the workspace had at the provider. Answers the connection's id.</summary>
    public async Task<Guid> ConnectAsync(NpgsqlConnection connection, Guid workspaceId, NewConnection made, string by, CancellationToken cancellationToken)
    {
        var id = await connection.Sql(IdSql, Guid.CreateVersion7(), workspaceId, made.Provider, made.Method, made.IsSandbox, made.AccountKey, by).FirstAsync(row => row.GetGuid(0), cancellationToken);
        await connection.Sql(ConnectSql, id, made.Method, made.IsSandbox, made.AccountKey, made.AccountId, made.AccountName, made.Scopes.ToArray(),
            Seal(workspaceId, id, made.Credential), made.ExpiresIn, by).RunAsync(cancellationToken);
        return id;
    }

    /// <summary>Erases the credentials.</summary>
    public static Task DisconnectAsync(NpgsqlConnection connection, Guid workspaceId, Guid id, CancellationToken cancellationToken) =>
        connection.Sql(DisconnectSql, id, workspaceId).RunAsync(cancellationToken);

    /// <summary>Writes how a look at the account went; false when the credentials have changed since.</summary>
    public static async Task<bool> CheckedAsync(NpgsqlConnection connection, Connection looked, string state, string health, string? errorCode, string? error, CancellationToken cancellationToken) =>
        await connection.Sql("""
            update connections set state = $3, health = $4, error_code = $5::text, error = $6::text, checked_at = clock_now(), doubted_at = null, updated_at = clock_now()
            where id = $1 and version = $2 and state = 'connected'
            """, looked.Id, looked.Version, state, health, errorCode, error).RunAsync(cancellationToken) == 1;

    /// <summary>A job was refused with what it got from this connection.</summary>
    public static Task DoubtAsync(Database database, Guid workspaceId, string provider, CancellationToken cancellationToken) =>
        database.Sql("update connections set doubted_at = coalesce(doubted_at, clock_now()) where workspace_id = $1 and provider = $2 and state = 'connected'", workspaceId, provider).RunAsync(cancellationToken);
}
