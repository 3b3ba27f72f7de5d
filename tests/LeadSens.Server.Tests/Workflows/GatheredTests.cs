using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>What many ask for at the same time is written together, and fails apart.</summary>
public sealed class GatheredTests : StoreTest
{
    [Fact]
    public async Task Of_bursts_that_commit_together_a_broken_one_breaks_alone()
    {
        var leased = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => CreateAsync(Store)));
        var bookmark = Wait(Key());
        await SuspendAsync(bookmark);
        var commits = leased.Select((instance, i) => Burst(instance.Lease, i % 10 == 3 ? bookmark : Wait(Key()))).ToList();
        var results = await Task.WhenAll(commits.Select(commit => Task.Run(() => OutcomeAsync(commit))));
        results.Select((result, i) => (result, i)).ShouldAllBe(pair => pair.result == (pair.i % 10 != 3));
        (await Db.ScalarAsync<long>("select count(*) from workflow_bookmarks")).ShouldBe(1 + 36);
        (await Db.ScalarAsync<long>("select count(*) from workflow_instances where claim_token is not null")).ShouldBe(4, "they are tried again");
    }

    [Fact]
    public async Task A_lease_that_was_lost_writes_nothing_beside_the_one_that_holds()
    {
        for (var round = 0; round < 20; round++)
        {
            var lost = await CreateAsync(Store);
            var held = (await Store.SeizeAsync(lost.Lease.InstanceId, CancellationToken.None)).ShouldNotBeNull();
            var (stale, fresh) = (Burst(lost.Lease, Wait(Key())), Burst(held.Lease, Wait(Key())) with { Journal = [Line(1)] });
            var others = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CreateAsync(Store)));
            var commits = others.Select(other => Burst(other.Lease)).Append(stale with { Journal = [Line(1)] }).Append(fresh).ToArray();
            var results = await Task.WhenAll(commits.Select(commit => Store.CommitAsync(commit, CancellationToken.None)));
            results.Select(result => result.Committed).ShouldBe([true, true, true, true, true, true, false, true]);
            (await Db.ListAsync<string>("select key from workflow_bookmarks where instance_id = $1", lost.Lease.InstanceId)).ShouldBe([fresh.BookmarksAdded[0].Key]);
        }
    }

    [Fact]
    public async Task Instances_that_start_together_start_once_each()
    {
        var instances = Enumerable.Range(0, 50).Select(_ => New()).ToList();
        var created = await Task.WhenAll(instances.Concat(instances).Select(instance => Task.Run(() => Store.CreateAsync(instance, CancellationToken.None))));
        created.OfType<LeasedInstance>().Select(leased => leased.Lease.InstanceId).ShouldBe(instances.Select(instance => instance.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task The_journal_reads_as_it_was_written()
    {
        var leased = await CreateAsync(Store);
        var (container, box) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var at = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        JournalEntry[] first =
        [
            new(1, container, null, "Workflow1:chart", "chart", "Elsa.Flowchart", null, at, "Started", null, null),
            new(2, box, container, "Workflow1:chart:a:b", "a:b", "Test.Box", "Box \"1\"", at.AddMicroseconds(1500), "Started", null, null),
            new(3, box, container, "Workflow1:chart:a:b", "a:b", "Test.Box", "Box \"1\"", at.AddSeconds(100), "Suspended", "waits\0for é", """{"outcomes":["A"]}"""),
        ];
        JournalEntry[] second = [new(4, box, container, "Workflow1:chart:a:b", "a:b", "Test.Box", null, at.AddHours(30), "Faulted", null, """{"b":1,"a":1.0}""")];
        var lease = (await Store.CommitAsync(Burst(leased.Lease) with { Journal = first, SubStatus = WorkflowSubStatus.Executing, RunAgain = true }, CancellationToken.None)).Lease;
        await Store.CommitAsync(Burst(lease.ShouldNotBeNull()) with { Journal = second }, CancellationToken.None);
        var read = await DataSource.ListAsync(
            """
            select sequence, execution_id, parent_execution_id, node_id, activity_id, activity_type, activity_name, at, event_name, message, payload
            from workflow_journal where instance_id = $1 order by sequence
            """,
            row => new JournalEntry(
                row.GetInt64(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5), Text(row, 6),
                row.GetFieldValue<DateTimeOffset>(7), row.GetString(8), Text(row, 9), Text(row, 10)),
            CancellationToken.None, leased.Lease.InstanceId);
        first[2] = first[2] with { Message = "waits\uFFFDfor é" };
        read.ShouldBe([.. first, .. second]);
    }

    [Fact]
    public async Task A_text_that_PostgreSQL_cannot_hold_does_not_break_a_burst()
    {
        var leased = await CreateAsync(Store);
        var bookmark = Wait("key\0" + Key());
        var commit = Burst(leased.Lease, bookmark) with { Name = "na\0me\ud83d", CorrelationId = "\udc00", Stimuli = [new Stimulus(bookmark.Key, bookmark.Key)] };
        (await Store.CommitAsync(commit, CancellationToken.None)).Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
        (await Db.ListAsync<string>("select name || correlation_id from workflow_instances")).ShouldBe(["na\uFFFDme\uFFFD\uFFFD"]);
    }

    [Fact]
    public async Task What_cannot_be_put_into_a_statement_breaks_no_other_that_came_with_it()
    {
        var (first, go) = (true, new TaskCompletionSource());
        var gathered = new Gathered<int, int>(item => item, async items =>
        {
            if (first)
            {
                first = false;
                await go.Task;
            }
            return items.Contains(3) ? throw new System.Text.EncoderFallbackException() : items;
        });
        var writes = Enumerable.Range(0, 6).Select(item => gathered.WriteAsync(item)).ToList();
        go.SetResult();
        await Should.ThrowAsync<ArgumentException>(() => writes[3]);
        (await Task.WhenAll(writes.Where((_, item) => item != 3))).ShouldBe([0, 1, 2, 4, 5]);
    }

    private async Task<bool> OutcomeAsync(BurstCommit commit)
    {
        try
        {
            return (await Store.CommitAsync(commit, CancellationToken.None)).Committed;
        }
        catch (Npgsql.PostgresException)
        {
            return false;
        }
    }

    private static string? Text(Npgsql.NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static JournalEntry Line(long sequence) =>
        new(sequence, Guid.CreateVersion7(), null, "Workflow1:box", "box", "Test.Wait", null, DateTimeOffset.UnixEpoch, "Started", null, null);

    private static NewInstance New() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), "test", "test-1", 1, null, null, "{}"u8.ToArray());
}
