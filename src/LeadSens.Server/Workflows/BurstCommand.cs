using LeadSens.Engine;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Bursts of different instances as one call of <c>workflow_commit</c>.</summary>
internal static class BurstCommand
{
    private const int ParameterCount = 37;

    private static string Text { get; } = $"select id, committed, held, resumptions, bookmarks, payloads from workflow_commit({string.Join(", ", Enumerable.Range(1, ParameterCount).Select(n => $"${n}"))})";

    /// <summary>The keys whose locks a commit takes first. Burned keys need none: the bookmark's row decides between its burning and its taking.</summary>
    public static string[] Keys(BurstCommit commit) =>
        [.. commit.BookmarksAdded.Select(bookmark => bookmark.Key), .. commit.Stimuli.Select(stimulus => stimulus.Key)];

    /// <summary>Answers in the order of the commits.</summary>
    public static async Task<IReadOnlyList<CommitResult>> ExecuteAsync(NpgsqlCommand command, IReadOnlyList<BurstCommit> commits, Guid node, CancellationToken cancellationToken)
    {
        Fill(command, commits, node);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(rows, commits, cancellationToken);
    }

    /// <summary>The same after another statement, in one round trip.</summary>
    public static async Task<IReadOnlyList<CommitResult>> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand first, IReadOnlyList<BurstCommit> commits, Guid node, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand();
        Fill(command, commits, node);
        var second = new NpgsqlBatchCommand(command.CommandText);
        NpgsqlParameter[] parameters = [.. command.Parameters.Cast<NpgsqlParameter>()];
        command.Parameters.Clear();
        second.Parameters.AddRange(parameters);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { first, second } };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        return await ReadAsync(rows, commits, cancellationToken);
    }

    private static void Fill(NpgsqlCommand command, IReadOnlyList<BurstCommit> commits, Guid node)
    {
        command.CommandText = Text;
        command.Add(node).Add(PostgresWorkflowStore.LeaseTime);
        FillInstances(command, commits);
        FillBookmarks(command, [.. from commit in commits from bookmark in commit.BookmarksAdded select (commit.Lease.InstanceId, bookmark)]);
        command.AddArray([.. commits.SelectMany(commit => commit.BookmarksBurned)], NpgsqlDbType.Uuid, absentWhenEmpty: true)
            .AddArray([.. commits.SelectMany(commit => commit.ResumptionsConsumed)], NpgsqlDbType.Uuid, absentWhenEmpty: true);
        FillStimuli(command, [.. from commit in commits from stimulus in commit.Stimuli select (commit.Lease.InstanceId, stimulus)]);
    }

    private static async Task<IReadOnlyList<CommitResult>> ReadAsync(NpgsqlDataReader rows, IReadOnlyList<BurstCommit> commits, CancellationToken cancellationToken)
    {
        var results = new CommitResult[commits.Count];
        while (await rows.ReadAsync(cancellationToken))
        {
            var id = rows.GetGuid(0);
            var at = 0;
            while (commits[at].Lease.InstanceId != id)
                at++;
            var lease = rows.GetBoolean(2) ? commits[at].Lease with { Version = commits[at].Lease.Version + 1 } : null;
            results[at] = new CommitResult(rows.GetBoolean(1), lease, InstanceRows.ReadInbox(rows, 3));
        }
        return results;
    }

    private static void FillInstances(NpgsqlCommand command, IReadOnlyList<BurstCommit> commits) => command
        .AddArray(Column(commits, commit => commit.Lease.InstanceId), NpgsqlDbType.Uuid)
        .AddArray(Column(commits, commit => commit.Lease.Token), NpgsqlDbType.Uuid)
        .AddArray(Column(commits, commit => commit.Lease.Version), NpgsqlDbType.Bigint)
        .AddArray(Column(commits, commit => commit.State), NpgsqlDbType.Bytea)
        .AddArray(Column(commits, commit => commit.Status == WorkflowStatus.Running ? "Running" : "Finished"), NpgsqlDbType.Text)
        .AddArray(Column(commits, commit => Enum.GetName(commit.SubStatus)!), NpgsqlDbType.Text)
        .AddArray(Column(commits, commit => commit.Name), NpgsqlDbType.Text)
        .AddArray(Column(commits, commit => commit.CorrelationId), NpgsqlDbType.Text)
        .AddArray(Column(commits, commit => commit.IncidentCount), NpgsqlDbType.Integer)
        .AddArray(Column(commits, commit => commit.RunAgain), NpgsqlDbType.Boolean)
        .AddArray(Column(commits, commit => commit.Journal.Count > 0 ? commit.Journal[0].Sequence : 0), NpgsqlDbType.Bigint)
        .AddArray(Column(commits, commit => commit.Journal.Count > 0 ? commit.Journal[0].At.UtcDateTime : default(DateTime?)), NpgsqlDbType.TimestampTz)
        .AddArray(Column(commits, commit => BurstLog.Write(commit.Journal)), NpgsqlDbType.Bytea);

    private static void FillBookmarks(NpgsqlCommand command, IReadOnlyList<(Guid Instance, Bookmark Bookmark)> added) => command
        .AddArray(Column(added, row => row.Instance), NpgsqlDbType.Uuid, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.Id), NpgsqlDbType.Uuid, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.Name), NpgsqlDbType.Text, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.Key), NpgsqlDbType.Text, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.NodeId), NpgsqlDbType.Text, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.ActivityId), NpgsqlDbType.Text, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.ActivityType), NpgsqlDbType.Text, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.ExecutionId), NpgsqlDbType.Uuid, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.Payload), NpgsqlDbType.Text, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.WaitsFor), NpgsqlDbType.Text, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.DueIn), NpgsqlDbType.Interval, absentWhenEmpty: true)
        .AddArray(Column(added, row => row.Bookmark.Stays), NpgsqlDbType.Boolean, absentWhenEmpty: true);

    private static void FillStimuli(NpgsqlCommand command, IReadOnlyList<(Guid Sender, Stimulus Stimulus)> sent)
    {
        command.AddArray(Column(sent, row => row.Sender), NpgsqlDbType.Uuid, absentWhenEmpty: true);
        Stimuli.Fill(command, Column(sent, row => row.Stimulus), absentWhenEmpty: true);
    }

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value)
    {
        var column = rows.Count == 0 ? [] : new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return column;
    }
}
