using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Changes;

/// <summary>What a look found.</summary>
internal sealed record ChangesSeen(ChangeMark Mark, IReadOnlyList<WorkspaceSeen> Workspaces);

/// <param name="Period">The transaction with which the watch began.</param>
/// <param name="Settled">Whatever changed since is noted.</param>
internal sealed record WorkspaceSeen(Guid Id, string Period, bool Settled, IReadOnlyCollection<Change> Changes);

/// <summary>The statements of the change feed.</summary>
internal static class ChangeSql
{
    /// <summary>A watch that is over, or nearly, begins anew: somebody may have looked whether there is one after its end.</summary>
    private const string RenewSql = """
        insert into workspace_watches as w (workspace_id, watched_until, began)
        select watched.id, clock_now() + $2, pg_current_xact_id()
        from unnest($1::uuid[]) as watched (id) where exists (select from workspaces x where x.id = watched.id) order by watched.id
        on conflict (workspace_id) do update set watched_until = excluded.watched_until,
            began = case when w.watched_until > clock_now() + interval '1 minute' then w.began else excluded.began end,
            settled = case when w.watched_until > clock_now() + interval '1 minute' then w.settled end
        """;

    /// <summary>Once the watch is there to be seen: whoever has begun by now may not have seen it. In the order in which other nodes renew.</summary>
    private const string SettleSql = """
        with seen as (
            select workspace_id from workspace_watches
            where workspace_id = any ($1) and settled is null and pg_visible_in_snapshot(began, pg_current_snapshot()) order by workspace_id for no key update)
        update workspace_watches w set settled = pg_snapshot_xmax(pg_current_snapshot()) from seen where w.workspace_id = seen.workspace_id
        """;

    private const string Unseen = """
        select distinct c.kind, c.entity from workspace_changes c
        where c.workspace_id = w.workspace_id and c.xid >= pg_snapshot_xmin($2::text::pg_snapshot) and not pg_visible_in_snapshot(c.xid, $2::text::pg_snapshot)
        """;

    private const string LookSql = $"""
        select pg_current_snapshot()::text, extract(epoch from clock_now())::bigint, w.workspace_id, w.began::text,
            coalesce(w.settled <= pg_snapshot_xmin(pg_current_snapshot()), false) and w.watched_until > clock_now(), u.kind, u.entity
        from workspace_watches w left join lateral ({Unseen}) u on $2::text is not null
        where w.workspace_id = any ($1)
        """;

    /// <summary>No row where changes between the mark and now may be missing: the mark is of another time, or older than what is kept.</summary>
    private const string SinceSql = $"""
        select u.kind, u.entity from workspace_watches w left join lateral ({Unseen} limit $4) u on true
        where w.workspace_id = $1 and w.watched_until > clock_now() and w.settled <= pg_snapshot_xmin($2::text::pg_snapshot)
            and pg_snapshot_xmax($2::text::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
            and extract(epoch from clock_now())::bigint - $3 between -1 and $5
        """;

    private const string ForgetSql = """
        with gone as (
            delete from workspace_changes where ctid = any (array(select ctid from workspace_changes where xid < $1::text::xid8 limit $2)) returning 1)
        select count(*), pg_snapshot_xmin(pg_current_snapshot())::text from gone
        """;

    public static async Task RenewAsync(Database database, Guid[] workspaces, TimeSpan lasts, CancellationToken cancellationToken)
    {
        await database.Sql(RenewSql, workspaces, lasts).RunAsync(cancellationToken);
        await SettleAsync(database, workspaces, cancellationToken);
    }

    public static Task SettleAsync(Database database, Guid[] workspaces, CancellationToken cancellationToken) =>
        database.Sql(SettleSql, workspaces).RunAsync(cancellationToken);

    /// <summary>What changed in these workspaces since the snapshot; null where none of them is watched.</summary>
    /// <param name="since">Null: from now on.</param>
    public static async Task<ChangesSeen?> LookAsync(Database database, Guid[] workspaces, string? since, CancellationToken cancellationToken)
    {
        var rows = await database.Sql(LookSql, workspaces, Text(since)).ListAsync(row => (
            Mark: new ChangeMark(row.GetInt64(1), row.GetString(0)), Workspace: row.GetGuid(2), Period: row.GetString(3), Settled: row.GetBoolean(4),
            Change: Read(row, 5)), cancellationToken);
        return rows.Count == 0 ? null : new(rows[0].Mark, [.. rows.GroupBy(row => row.Workspace).Select(group =>
            new WorkspaceSeen(group.Key, group.First().Period, group.First().Settled, [.. group.Select(row => row.Change).OfType<Change>()]))]);
    }

    /// <summary>What changed in the workspace since the mark; null where that is not known.</summary>
    public static async Task<IReadOnlyCollection<Change>?> SinceAsync(
        Database database, Guid workspaceId, ChangeMark mark, TimeSpan oldest, int most, CancellationToken cancellationToken)
    {
        var rows = await database.Sql(SinceSql, workspaceId, mark.Snapshot, mark.Second, most, (long)oldest.TotalSeconds)
            .ListAsync(row => Read(row, 0), cancellationToken);
        return rows.Count == 0 ? null : [.. rows.OfType<Change>()];
    }

    /// <summary>Removes what transactions before this one noted. How many, and the first one that was under way then.</summary>
    public static async Task<(long Gone, string Running)> ForgetAsync(Database database, string before, int portion, CancellationToken cancellationToken) =>
        await database.Sql(ForgetSql, before, portion).FirstAsync(row => (row.GetInt64(0), row.GetString(1)), cancellationToken);

    private static Change? Read(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new Change(row.GetString(column), row.GetGuid(column + 1));

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };
}
