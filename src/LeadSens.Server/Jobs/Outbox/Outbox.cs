using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Jobs;

/// <summary>Writes events beside the change that they announce.</summary>
internal static class Outbox
{
    private const string AddSql = """
        insert into outbox_events (id, workspace_id, type, payload, run_after, created_at)
        select new_id(), workspace_id, type, payload, now.at, now.at
        from unnest($1::uuid[], $2::text[], $3::jsonb[]) as added (workspace_id, type, payload), (select clock_now() as at) now
        """;

    /// <summary>Adds the events in the caller's transaction. The caller wakes the dispatcher after its commit: <see cref="OutboxSignal.Wake"/>.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<OutboxEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return;
        var workspaces = new Guid[events.Count];
        var types = new string[events.Count];
        var payloads = new string[events.Count];
        for (var i = 0; i < events.Count; i++)
            (workspaces[i], types[i], payloads[i]) = (events[i].WorkspaceId, events[i].Type, events[i].Payload.ToJsonString());

        await using var command = new NpgsqlCommand(AddSql, connection);
        command.Parameters.Add(new() { Value = workspaces });
        command.Parameters.Add(new() { Value = types });
        command.Parameters.Add(new() { Value = payloads, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
