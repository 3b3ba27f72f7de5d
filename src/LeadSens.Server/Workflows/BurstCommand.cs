using LeadSens.Engine;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>One burst as the one call of <c>workflow_commit</c>.</summary>
internal static class BurstCommand
{
    private const int ParameterCount = 43;

    public static string Text { get; } = $"select committed, held, id, bookmark_id, payload from workflow_commit({string.Join(", ", Enumerable.Range(1, ParameterCount).Select(n => $"${n}"))})";

    /// <summary>The keys whose locks the commit takes first. Burned keys need none: the bookmark's row decides between its burning and its taking.</summary>
    public static string[] Keys(BurstCommit commit) =>
        [.. commit.BookmarksAdded.Select(bookmark => bookmark.Key), .. commit.Stimuli.Select(stimulus => stimulus.Key)];

    public static void Fill(NpgsqlCommand command, BurstCommit commit, Guid node)
    {
        command.Add(commit.Lease.InstanceId).Add(commit.Lease.Token).Add(commit.Lease.Version).Add(node).Add(commit.State)
            .Add(Name(commit.Status)).Add(Name(commit.SubStatus)).AddNullable(commit.Name).AddNullable(commit.CorrelationId)
            .Add(commit.IncidentCount).Add(commit.RunAgain).Add(PostgresWorkflowStore.LeaseTime);
        FillBookmarks(command, commit.BookmarksAdded);
        command.AddArray([.. commit.BookmarksBurned], NpgsqlDbType.Uuid).AddArray([.. commit.ResumptionsConsumed], NpgsqlDbType.Uuid);
        FillJournal(command, commit.Journal);
        Stimuli.Fill(command, commit.Stimuli);
    }

    public static async Task<CommitResult> ReadAsync(NpgsqlCommand command, BurstCommit commit, CancellationToken cancellationToken)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        if (!rows.GetBoolean(0))
            return new CommitResult(false, null, []);
        var lease = rows.GetBoolean(1) ? commit.Lease with { Version = commit.Lease.Version + 1 } : null;
        if (rows.IsDBNull(2))
            return new CommitResult(true, lease, []);
        var inbox = new List<Resumption>();
        do
            inbox.Add(InstanceRows.ReadResumption(rows, 2));
        while (await rows.ReadAsync(cancellationToken));
        return new CommitResult(true, lease, inbox);
    }

    private static void FillBookmarks(NpgsqlCommand command, IReadOnlyList<Bookmark> added) => command
        .AddArray(Column(added, bookmark => bookmark.Id), NpgsqlDbType.Uuid)
        .AddArray(Column(added, bookmark => bookmark.Name), NpgsqlDbType.Text)
        .AddArray(Column(added, bookmark => bookmark.Key), NpgsqlDbType.Text)
        .AddArray(Column(added, bookmark => bookmark.NodeId), NpgsqlDbType.Text)
        .AddArray(Column(added, bookmark => bookmark.ActivityId), NpgsqlDbType.Text)
        .AddArray(Column(added, bookmark => bookmark.ActivityType), NpgsqlDbType.Text)
        .AddArray(Column(added, bookmark => bookmark.ExecutionId), NpgsqlDbType.Uuid)
        .AddArray(Column(added, bookmark => bookmark.Payload), NpgsqlDbType.Text)
        .AddArray(Column(added, bookmark => bookmark.WaitsFor), NpgsqlDbType.Text)
        .AddArray(Column(added, bookmark => bookmark.DueIn), NpgsqlDbType.Interval)
        .AddArray(Column(added, bookmark => bookmark.Stays), NpgsqlDbType.Boolean);

    private static void FillJournal(NpgsqlCommand command, IReadOnlyList<JournalEntry> journal) => command
        .AddArray(Column(journal, entry => entry.Sequence), NpgsqlDbType.Bigint)
        .AddArray(Column(journal, entry => entry.ExecutionId), NpgsqlDbType.Uuid)
        .AddArray(Column(journal, entry => entry.ParentExecutionId), NpgsqlDbType.Uuid)
        .AddArray(Column(journal, entry => entry.NodeId), NpgsqlDbType.Text)
        .AddArray(Column(journal, entry => entry.ActivityId), NpgsqlDbType.Text)
        .AddArray(Column(journal, entry => entry.ActivityType), NpgsqlDbType.Text)
        .AddArray(Column(journal, entry => entry.ActivityName), NpgsqlDbType.Text)
        .AddArray(Column(journal, entry => entry.At.UtcDateTime), NpgsqlDbType.TimestampTz)
        .AddArray(Column(journal, entry => entry.EventName), NpgsqlDbType.Text)
        .AddArray(Column(journal, entry => entry.Message), NpgsqlDbType.Text)
        .AddArray(Column(journal, entry => entry.Payload), NpgsqlDbType.Text);

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value)
    {
        var column = rows.Count == 0 ? [] : new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return column;
    }

    private static string Name(WorkflowStatus status) => status == WorkflowStatus.Running ? "Running" : "Finished";

    private static string Name(WorkflowSubStatus status) => Enum.GetName(status)!;
}
