using LeadSens.Server.Data;
using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Jobs;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Connections;

/// <summary>Makes an account that was looked at the workspace's own, and lets go on what waited for one.</summary>
internal sealed class ConnectAccount(Database database, ConnectionRows rows, ConnectionEnds ends, ProviderLimits limits, ProviderAddresses addresses, LimitRegistry registry, Limits store, ILogger<ConnectAccount> log)
{
    public async Task<Connection> ExecuteAsync(Guid workspaceId, NewConnection made, string by, AuditActor actor, CancellationToken cancellationToken)
    {
        if (Once.Took<Guid>(out var before)) return (await rows.FindAsync(workspaceId, before, cancellationToken))!;
        // The account's limits are there before its first call.
        registry.Set(made.AccountKey, limits.RuleOf(new(made.Provider, made.AccountKey, addresses.Of(made.Provider, made.IsSandbox)!, "", made.IsSandbox)));
        await store.RefreshAsync(cancellationToken);
        Guid id;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            id = await rows.ConnectAsync(connection, workspaceId, made, by, cancellationToken);
            await ConnectionEnds.ResumeAsync(connection, workspaceId, made.Provider, cancellationToken);
            await AuditLog.AppendAsync(connection, new(workspaceId, actor, "connection.connected", "connection", id,
                new JsonObject { ["provider"] = made.Provider, ["method"] = made.Method, ["sandbox"] = made.IsSandbox }), cancellationToken);
            await Once.CommitAsync(transaction, id, cancellationToken);
        }

        ends.Changed(workspaceId, made.Provider);
        log.ConnectionMade(made.Provider, id, workspaceId);
        return (await rows.FindAsync(workspaceId, id, cancellationToken))!;
    }
}
