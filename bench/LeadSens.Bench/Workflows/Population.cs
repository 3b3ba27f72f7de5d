namespace LeadSens.Bench.Workflows;

/// <summary>Fills the store with suspended instances: copies of one that the engine suspended, each with ids of its own, its journal left out.</summary>
internal static class Population
{
    /// <param name="correlation">Names them.</param>
    /// <param name="due">SQL for when each is due, by <c>n</c> from 1; null keeps what the copied instance has.</param>
    public static async Task FillAsync(
        ThrowAwayDatabase database, EngineNode node, string definitionId, string correlation, int count, string? due, CancellationToken cancellationToken)
    {
        if (count <= 0) return;
        var template = Guid.CreateVersion7();
        await node.Workflows.StartAsync(definitionId, EngineNode.Workspace, correlation, null, template, cancellationToken);
        await database.ExecuteAsync($"""
            create temp table filled as select n, new_id() as instance, new_id() as bookmark from generate_series(1, {count}) n;
            insert into workflow_instances (id, correlation_id, state, workspace_id, definition_id, definition_version_id, definition_version,
                    status, sub_status, version, runnable, created_at, updated_at)
                select f.instance, '{correlation}', convert_to(replace(convert_from(i.state, 'UTF8'), b.id::text, f.bookmark::text), 'UTF8'),
                    i.workspace_id, i.definition_id, i.definition_version_id, i.definition_version, i.status, i.sub_status, i.version, i.runnable, i.created_at, i.updated_at
                from filled f, workflow_instances i join workflow_bookmarks b on b.instance_id = i.id where i.id = '{template}';
            insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, payload, waits_for, due_at, created_at)
                select f.bookmark, f.instance, b.name, replace(b.key, '{template}', f.instance::text), b.node_id, b.activity_id, b.activity_type, b.execution_id,
                    b.payload, b.waits_for, {due ?? "b.due_at"}, b.created_at
                from filled f, workflow_bookmarks b where b.instance_id = '{template}';
            drop table filled
            """, cancellationToken);
        await node.Workflows.CancelAsync(template, null, cancellationToken);
    }

    /// <summary>As autovacuum would in time; what was filled is not left for the measurement to write.</summary>
    public static async Task SettleAsync(ThrowAwayDatabase database, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("vacuum analyze", cancellationToken);
        await database.ExecuteAsync("checkpoint", cancellationToken);
    }

    /// <summary>Suspended instances from anywhere in the store.</summary>
    public static Task<List<Guid>> PickAsync(ThrowAwayDatabase database, int count, CancellationToken cancellationToken) =>
        database.ListAsync<Guid>($"select instance_id from workflow_bookmarks where state = 0 order by random() limit {count}", cancellationToken);
}
