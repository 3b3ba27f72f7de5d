using LeadSens.Engine;
using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Reads the triggers of definitions that were published before there were any. Each is read once.</summary>
internal sealed class UnreadTriggers(SystemDatabase database, ActivityRegistry activities, TimeProvider time) : StartingService
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        var unread = await database.ListAsync(
            "select definition_id, workspace_id from workflow_definitions where published and not triggers_read group by 1, 2",
            row => (Definition: row.GetString(0), Workspace: row.Maybe<Guid>(1)), cancellationToken);
        foreach (var (definition, workspace) in unread) await ReadAsync(definition, workspace, cancellationToken);
    }

    private async Task ReadAsync(string definitionId, Guid? workspaceId, CancellationToken cancellationToken)
    {
        var types = workspaceId is { } owner ? await activities.RunnableAsync(database, owner, cancellationToken) : activities;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DefinitionRows.LockAsync(connection, workspaceId, definitionId, cancellationToken);
        var versions = await connection.ListAsync(
            "select version_id, body from workflow_definitions where definition_id = $1 and workspace_id is not distinct from $2::uuid and published and not triggers_read",
            row => (Id: row.GetString(0), Body: row.GetString(1)), cancellationToken, definitionId, workspaceId);
        foreach (var (id, body) in versions)
            await TriggerRows.DeclareAsync(connection, id, DefinitionCheck.Of(body, types, workspaceId, time.GetUtcNow()).Triggers, cancellationToken);
        await TriggerRows.IndexAsync(connection, workspaceId, definitionId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
