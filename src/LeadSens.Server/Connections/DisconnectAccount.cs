using LeadSens.Server.Data;
using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Secrets;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Connections;

/// <summary>Ends a connection. The credentials are erased first, whatever the provider says afterwards to their revocation.</summary>
internal sealed class DisconnectAccount(
    Database database, ConnectionRows rows, ProviderRegistry providers, ConnectionCache cache, TimeProvider time, ILogger<DisconnectAccount> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>False where the workspace has no such connection.</summary>
    public async Task<bool> ExecuteAsync(Guid workspaceId, Guid id, AuditActor by, CancellationToken cancellationToken)
    {
        if (await rows.FindAsync(workspaceId, id, cancellationToken) is not { } row) return false;
        if (row.State == ConnectionState.Disconnected) return true;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await ConnectionRows.DisconnectAsync(connection, workspaceId, id, cancellationToken);
            await AuditLog.AppendAsync(connection, new(workspaceId, by, "connection.disconnected", "connection", id, new JsonObject { ["provider"] = row.Provider }), cancellationToken);
            await Once.CommitAsync(transaction, id, cancellationToken);
        }

        cache.Forget(workspaceId, row.Provider);
        log.ConnectionEnded(row.Provider, row.Id, workspaceId);
        await RevokeAsync(row);
        return true;
    }

    /// <summary>As well as it goes: who left can also take the app out of the account at the vendor.</summary>
    private async Task RevokeAsync(Connection row)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            if (rows.Open(row).RefreshToken is not { } token || providers.Find(row.Provider)?.OAuth is not { } app) return;
            if (await app.RevokeAsync(row.IsSandbox, token, patience.Token) is { } failure) log.TokenNotRevoked(row.Provider, row.Id, failure.Message);
        }
        catch (Exception lost) when (lost is OperationCanceledException or SealBrokenException)
        {
            log.TokenNotRevoked(row.Provider, row.Id, lost.Message);
        }
    }
}
