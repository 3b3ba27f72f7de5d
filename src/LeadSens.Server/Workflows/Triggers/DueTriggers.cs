using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Fires the triggers whose time has come: once in the whole cluster, and once however many times were missed. The start and the next
/// time are one transaction.</summary>
internal sealed class DueTriggers(NpgsqlDataSource database)
{
    private const string TakeSql = """
        select id, schedule, since, clock_now() from workflow_triggers where due_at is not null and due_at <= (select clock_now())
        order by due_at limit $1 for update skip locked
        """;

    private const string MoveSql = "update workflow_triggers t set since = n.since, due_at = n.due_at from unnest($1, $2, $3) n (id, since, due_at) where t.id = n.id";

    private const string StartSql = """
        insert into workflow_starts (id, workspace_id, definition_id, version_id, activity_id, trigger_id, created_at)
        select workflow_new_id(), workspace_id, definition_id, version_id, activity_id, id, clock_timestamp() from workflow_triggers where id = any ($1)
        """;

    /// <summary>Looks at up to <paramref name="most"/> triggers; answers how many that were.</summary>
    public async Task<int> FireAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await connection.ListAsync(TakeSql, Due.Read, cancellationToken, most);
        if (due.Count == 0) return 0;
        await MoveAsync(connection, due, cancellationToken);
        await connection.ExecuteAsync(StartSql, cancellationToken, due.Where(trigger => trigger.HasCome).Select(trigger => trigger.Id).ToArray());
        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }

    private static async Task MoveAsync(NpgsqlConnection connection, List<Due> due, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MoveSql, connection);
        await command.AddArray([.. due.Select(trigger => trigger.Id)], NpgsqlDbType.Uuid).AddArray([.. due.Select(trigger => trigger.Since.UtcDateTime)], NpgsqlDbType.TimestampTz)
            .AddArray([.. due.Select(trigger => trigger.Next?.UtcDateTime)], NpgsqlDbType.TimestampTz).ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A trigger to look at. A new one has come up for its first time to be found.</summary>
    private sealed record Due(Guid Id, bool HasCome, DateTimeOffset Since, DateTimeOffset? Next)
    {
        public static Due Read(NpgsqlDataReader row)
        {
            var (since, now) = (row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3));
            var schedule = TriggerSchedule.Parse(row.GetString(1));
            var next = schedule.Next(since);
            if (next is null || next > now) return new(row.GetGuid(0), false, since, next);
            since = schedule.Caught(since, now);
            return new(row.GetGuid(0), true, since, schedule.Next(since));
        }
    }
}
