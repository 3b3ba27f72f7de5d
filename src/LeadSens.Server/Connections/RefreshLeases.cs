using LeadSens.Server.Data;

namespace LeadSens.Server.Connections;

/// <summary>Who renews a connection's token now. A lease is longer than the request can take; a dead node's is free at once.</summary>
internal sealed class RefreshLeases(Database database, NodeIdentity node, Nodes nodes)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90), AfterFailure = TimeSpan.FromSeconds(5);

    private const string TakeSql = """
        update connections set refresh_token = $3, refresh_node = $4, refresh_until = clock_now() + $5
        where id = $1 and version = $2 and state = 'connected' and (refresh_until is null or refresh_until < clock_now() or refresh_node = any($6))
        """;

    private const string CommitSql = """
        update connections set credentials = $3, expires_at = clock_now() + $4, version = version + 1, rotated_at = clock_now(), refresh_token = null, refresh_node = null,
            refresh_until = null, health = case when error_code = 'token_refresh_failed' then 'ok' else health end,
            error = case when error_code = 'token_refresh_failed' then null else error end,
            error_code = case when error_code = 'token_refresh_failed' then null else error_code end, updated_at = clock_now()
        where id = $1 and version = $2 and state = 'connected'
        """;

    private const string GiveBackSql = """
        update connections set refresh_token = null, refresh_node = null, refresh_until = clock_now() + $3, health = 'failing', error_code = 'token_refresh_failed', error = $4, updated_at = clock_now()
        where id = $1 and refresh_token = $2
        """;

    /// <summary>A lease where nobody has one. Without one: whether an attempt has just failed, so that there is nothing to wait for.</summary>
    public async Task<(Guid? Lease, bool Waits)> TakeAsync(Connection row, CancellationToken cancellationToken)
    {
        var lease = Guid.CreateVersion7();
        if (await TakeAsync(row, lease, [], cancellationToken)) return (lease, false);
        if (await TakeAsync(row, lease, [.. await nodes.DeadAsync(cancellationToken)], cancellationToken)) return (lease, false);
        return (null, await database.Sql("select refresh_token is null and refresh_until > clock_now() from connections where id = $1 and version = $2", row.Id, row.Version)
            .FirstAsync(read => read.Nullable<bool>(0), cancellationToken));
    }

    /// <summary>Writes new tokens over those that they were made from; false when those are not there any more.</summary>
    public async Task<bool> CommitAsync(Connection row, byte[] credentials, TimeSpan expiresIn, CancellationToken cancellationToken) =>
        await database.Sql(CommitSql, row.Id, row.Version, credentials, expiresIn).RunAsync(cancellationToken) == 1;

    public Task GiveBackAsync(Connection row, Guid lease, string error, CancellationToken cancellationToken) =>
        database.Sql(GiveBackSql, row.Id, lease, AfterFailure, error).RunAsync(cancellationToken);

    private async Task<bool> TakeAsync(Connection row, Guid lease, Guid[] dead, CancellationToken cancellationToken) =>
        await database.Sql(TakeSql, row.Id, row.Version, lease, node.Id, Lease, dead).RunAsync(cancellationToken) == 1;
}
