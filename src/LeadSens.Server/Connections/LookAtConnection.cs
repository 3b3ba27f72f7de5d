using LeadSens.Server.Data;

namespace LeadSens.Server.Connections;

/// <summary>Asks the provider how a connection is, and writes it down.</summary>
internal sealed class LookAtConnection(
    Database database, ConnectionRows rows, ProviderRegistry providers, ProviderAddresses addresses, TokenRefresh refresh, ConnectionEnds ends,
    ConnectionCache cache)
{
    /// <summary>Credentials this new may have come while a job still had the ones before them.</summary>
    private static readonly TimeSpan New = TimeSpan.FromMinutes(2);

    /// <summary>The connection as it is afterwards; null when it is not there any more.</summary>
    public async Task<Connection?> ExecuteAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken)
    {
        var row = await rows.FindAsync(workspaceId, id, cancellationToken);
        if (row is not { State: ConnectionState.Connected }) return row;
        if (TokenRefresh.IsDue(row))
        {
            await refresh.EnsureAsync(row, cancellationToken);
            row = await rows.FindAsync(workspaceId, id, cancellationToken);
            if (row is not { State: ConnectionState.Connected }) return row;
        }

        await WriteAsync(row, await AskAsync(row, cancellationToken), cancellationToken);
        cache.Forget(workspaceId, row.Provider);
        return await rows.FindAsync(workspaceId, id, cancellationToken);
    }

    private async Task<ProviderResult<CheckedAccount>> AskAsync(Connection row, CancellationToken cancellationToken)
    {
        var opened = rows.TryOpen(row);
        if (!opened.Succeeded) return opened.Failure;
        var credential = opened.Value;
        if (providers.Find(row.Provider) is not { Check: { } check } provider)
            return new ProviderFailure(ProviderFailureKind.Unauthorized, row.Provider, "There is no such provider here any more.") { Status = 401 };
        if (addresses.Of(row.Provider, row.IsSandbox) is not { } address)
            return new ProviderFailure(ProviderFailureKind.Unauthorized, row.Provider, "The connection was made with the Sandbox, which is not there in production.") { Status = 401 };
        if (credential.RefreshToken is not null && provider.OAuth is { } app
            && await app.LookAsync(row.IsSandbox, credential.Secret, cancellationToken) is { Value.IsActive: false })
            return new ProviderFailure(ProviderFailureKind.Unauthorized, row.Provider, $"{provider.Title} says that the token is not valid.") { Status = 401 };
        return await check.CheckAsync(new(row.Provider, row.AccountKey, address, credential.Secret, row.IsSandbox), cancellationToken);
    }

    private async Task WriteAsync(Connection row, ProviderResult<CheckedAccount> asked, CancellationToken cancellationToken)
    {
        var title = providers.Title(row.Provider);
        if (asked.Failure is { Kind: ProviderFailureKind.Unauthorized, Status: not 403 } refused)
        {
            await ends.BreakAsync(row, "unauthorized", $"{refused.Message} Connect {title} again under Connections.", cancellationToken);
            return;
        }

        var (health, code, sentence) = asked switch
        {
            { Failure: { Status: 403 } forbidden } => ("limited", "scope_missing", forbidden.Message),
            { Failure: { } failure } => ("failing", "connector_failed", failure.Message),
            { Value.Missing: { Count: > 0 } missing } => ("limited", "scope_missing", $"{title} did not allow: {string.Join(", ", missing)}. Connect it again with them."),
            _ => ("ok", null, (string?)null),
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await ConnectionRows.CheckedAsync(connection, row, ConnectionState.Connected, health, code, sentence, cancellationToken)) return;
        if (health == "limited") await ConnectionEnds.TellAsync(connection, row, sentence!, cancellationToken);
        // A job that was refused with the credentials before these waits for nothing.
        var goesOn = health == "ok" && await connection.Sql("select rotated_at > clock_now() - $2 from connections where id = $1", row.Id, New).FirstAsync(read => read.GetBoolean(0), cancellationToken);
        if (goesOn) await ConnectionEnds.ResumeAsync(connection, row.WorkspaceId, row.Provider, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (goesOn) ends.Changed(row.WorkspaceId, row.Provider);
    }
}
