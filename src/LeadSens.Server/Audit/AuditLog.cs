using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Audit;

/// <summary>What somebody did.</summary>
/// <param name="Action">noun.verb, the verb in the past: <c>campaign.cancelled</c>.</param>
/// <param name="Details">Small, without personal data and secrets: counts, roles, names of settings.</param>
internal sealed record AuditEntry(Guid WorkspaceId, AuditActor By, string Action, string? SubjectKind = null, object? SubjectId = null, JsonObject? Details = null);

/// <summary>Notes who did what, in the transaction of the change: what was done is noted, what was not done is not. Rows are only added, and no two
/// writers wait for each other: the chain over them (<see cref="AuditSeals"/>) is made afterwards, by one node, for all that were added meanwhile.</summary>
internal static class AuditLog
{
    private const string Insert = "insert into audit_entries (id, workspace_id, actor_kind, actor_id, action, subject_kind, subject_id, address, at, details)";

    private const string AppendSql = $"{Insert} values (new_id(), $1, $2, $3::text, $4, $5::text, $6::text, $7::text, clock_now(), $8)";

    /// <summary>In each workspace of the person, so that each owner sees it; in none where the person is in none.</summary>
    private const string OfAccountSql = $"""
        {Insert}
        select new_id(), m.workspace_id, $2, $3::text, $4, 'account', $1::text, $5::text, clock_now(), $6
        from (select 1) one left join workspace_members m on m.user_id = $1
        """;

    /// <summary>Rolls back what turned out to be nothing; nobody gets to see it.</summary>
    private static readonly Refusal NotDone = Refusal.Conflict("not_done", "Nothing was to be done.");

    public static Task AppendAsync(NpgsqlConnection connection, AuditEntry entry, CancellationToken cancellationToken) => connection.Sql(
        AppendSql, entry.WorkspaceId, entry.By.Kind, entry.By.Id, entry.Action, entry.SubjectKind, entry.SubjectId?.ToString(), entry.By.Address, Json(entry.Details)).RunAsync(cancellationToken);

    /// <summary>What concerns an account rather than one workspace: signing in, sessions, the password.</summary>
    public static Task AppendAsync(NpgsqlConnection connection, Guid userId, AuditActor by, string action, JsonObject? details, CancellationToken cancellationToken) =>
        connection.Sql(OfAccountSql, userId, by.Kind, by.Id, action, by.Address, Json(details)).RunAsync(cancellationToken);

    /// <summary>For the commit of a run that somebody changes: the run itself goes on outside of it.</summary>
    public static SqlWrite Note(AuditEntry entry) => new((connection, cancellationToken) => AppendAsync(connection, entry, cancellationToken));

    /// <summary>Does something and notes it, both or neither. What answers nothing (null, 0, false) was not done. The transaction is open meanwhile: what
    /// runs workflows or calls anybody takes a <see cref="Note"/> with it instead.</summary>
    public static Task<T?> ChangeAsync<T>(this Database database, AuditEntry entry, Func<NpgsqlConnection, Task<T?>> change, CancellationToken cancellationToken) =>
        database.ChangeNotedAsync((connection, token) => AppendAsync(connection, entry, token), change, cancellationToken);

    /// <param name="note">What notes it.</param>
    /// <param name="change">Does nothing that outlives a rollback: where PostgreSQL ends the transaction in favour of another, it is made again.</param>
    public static async Task<T?> ChangeNotedAsync<T>(
        this Database database, Func<NpgsqlConnection, CancellationToken, Task> note, Func<NpgsqlConnection, Task<T?>> change,
            CancellationToken cancellationToken)
    {
        var outcome = await database.CommitAsync<T?>(async connection =>
        {
            var changed = await change(connection);
            if (EqualityComparer<T>.Default.Equals(changed, default)) return NotDone;
            await note(connection, cancellationToken);
            return changed;
        }, cancellationToken);
        return outcome.Value;
    }

    private static NpgsqlParameter Json(JsonObject? details) => new() { Value = (object?)details?.ToJsonString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };
}
