using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Fires the triggers whose time has come: once in the whole cluster, and once however many times were missed. The start and the next
/// time are one transaction. A schedule that cannot be followed stops its own trigger alone, and is kept as a refused start.</summary>
internal sealed class DueTriggers(SystemDatabase database, ILogger<DueTriggers> log)
{
    private const string TakeSql = """
        select id, schedule, since, clock_now() from workflow_triggers where due_at is not null and due_at <= (select clock_now())
        order by due_at limit $1 for update skip locked
        """;

    private const string MoveSql = "update workflow_triggers t set since = n.since, due_at = n.due_at from unnest($1, $2, $3) n (id, since, due_at) where t.id = n.id";

    private const string StartSql = """
        insert into workflow_starts (id, workspace_id, definition_id, version_id, activity_id, trigger_id, created_at)
        select new_id(), workspace_id, definition_id, version_id, activity_id, id, clock_timestamp() from workflow_triggers where id = any ($1)
        """;

    private const string RefuseSql = """
        insert into workflow_starts (id, workspace_id, definition_id, version_id, activity_id, trigger_id, refused, created_at)
        select new_id(), t.workspace_id, t.definition_id, t.version_id, t.activity_id, t.id, r.reason, clock_timestamp()
        from unnest($1, $2) r (id, reason) join workflow_triggers t on t.id = r.id
        """;

    /// <summary>Looks at up to <paramref name="most"/> triggers; answers how many that were.</summary>
    public async Task<int> FireAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await connection.ListAsync(TakeSql, row => Due.Read(row, log), cancellationToken, most);
        if (due.Count == 0) return 0;
        await MoveAsync(connection, due, cancellationToken);
        await connection.ExecuteAsync(StartSql, cancellationToken, due.Where(trigger => trigger.HasCome).Select(trigger => trigger.Id).ToArray());
        await RefuseAsync(connection, [.. due.Where(trigger => trigger.Refusal is not null)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }

    private static async Task RefuseAsync(NpgsqlConnection connection, List<Due> stopped, CancellationToken cancellationToken)
    {
        if (stopped.Count == 0) return;
        await using var command = new NpgsqlCommand(RefuseSql, connection);
        await command.AddArray([.. stopped.Select(trigger => trigger.Id)], NpgsqlDbType.Uuid).AddArray([.. stopped.Select(trigger => trigger.Refusal)], NpgsqlDbType.Text)
            .ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task MoveAsync(NpgsqlConnection connection, List<Due> due, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MoveSql, connection);
        await command.AddArray([.. due.Select(trigger => trigger.Id)], NpgsqlDbType.Uuid).AddArray([.. due.Select(trigger => trigger.Since.UtcDateTime)], NpgsqlDbType.TimestampTz)
            .AddArray([.. due.Select(trigger => trigger.Next?.UtcDateTime)], NpgsqlDbType.TimestampTz).ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A trigger to look at. A new one has come up for its first time to be found.</summary>
    /// <param name="Refusal">Why it is due no more; null while its schedule can be followed.</param>
    private sealed record Due(Guid Id, bool HasCome, DateTimeOffset Since, DateTimeOffset? Next, string? Refusal = null)
    {
        public static Due Read(NpgsqlDataReader row, ILogger log)
        {
            var (since, now) = (row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3));
            try
            {
                return Read(row, since, now);
            }
            catch (Exception error) when (error is not NpgsqlException)
            {
                log.TriggerStopped(row.GetGuid(0), error);
                return new(row.GetGuid(0), false, since, null, $"Its times cannot be worked out ({error.Message}), so it starts no runs. Correct the schedule and publish again.");
            }
        }

        private static Due Read(NpgsqlDataReader row, DateTimeOffset since, DateTimeOffset now)
        {
            var schedule = TriggerSchedule.Parse(row.GetString(1));
            var next = schedule.Next(since);
            if (next is null || next > now) return new(row.GetGuid(0), false, since, next);
            since = schedule.Caught(since, now);
            return new(row.GetGuid(0), true, since, schedule.Next(since));
        }
    }
}
