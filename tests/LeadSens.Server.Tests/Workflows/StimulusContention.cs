using LeadSens.Engine;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

public sealed class StimulusContention : StoreTest
{
    [Fact]
    public async Task Of_1000_stimuli_that_race_their_bookmarks_none_is_lost()
    {
        var resumed = 0;
        await Parallel.ForAsync(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellationToken) =>
        {
            var bookmark = Wait(Key());
            var leased = await CreateAsync(Store);
            var send = Other.SendAsync(Directed(bookmark.Key), cancellationToken);
            var inbox = (await Store.CommitAsync(Burst(leased.Lease, bookmark), cancellationToken)).Inbox;
            await send;
            if (inbox.Count == 0)
                inbox = (await Other.AcquireAsync(leased.Lease.InstanceId, cancellationToken))?.Inbox ?? [];
            Interlocked.Add(ref resumed, inbox.Count);
        });
        resumed.ShouldBe(1_000);
    }

    [Fact]
    public async Task Of_1000_stimuli_before_their_bookmarks_none_is_lost()
    {
        var keys = Enumerable.Range(0, 1_000).Select(_ => Key()).ToList();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (key, cancellationToken) => await Other.SendAsync(Directed(key), cancellationToken));
        var leased = await CreateAsync(Store);
        var result = await Store.CommitAsync(Burst(leased.Lease, [.. keys.Select(key => Wait(key))]), CancellationToken.None);
        result.Inbox.Select(resumption => resumption.BookmarkId).Distinct().Count().ShouldBe(1_000);
    }

    [Fact]
    public async Task One_of_two_nodes_resumes_a_bookmark()
    {
        var bookmark = Wait(Key());
        var id = await SuspendAsync(bookmark);
        await Store.SendAsync(Directed(bookmark.Key), CancellationToken.None);
        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => (i % 2 == 0 ? Store : Other).AcquireAnyAsync(1, CancellationToken.None))));
        var leased = taken.SelectMany(instances => instances).ShouldHaveSingleItem();
        leased.Lease.InstanceId.ShouldBe(id);
        leased.Inbox.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_late_result_does_not_resume_the_next_round_of_a_loop()
    {
        var (first, second) = (Wait(Key()), Wait(Key()));
        var timeout = Wait(Key());
        var id = await SuspendAsync(first, timeout);
        await Store.SendAsync(Directed(timeout.Key), CancellationToken.None);
        var leased = (await Store.AcquireAsync(id, CancellationToken.None)).ShouldNotBeNull();
        var commit = Consume(leased, second);
        await Store.CommitAsync(commit with { BookmarksBurned = [.. commit.BookmarksBurned, first.Id] }, CancellationToken.None);
        (await Other.SendAsync(Directed(first.Key), CancellationToken.None)).ShouldBeTrue();
        (await Store.AcquireAsync(id, CancellationToken.None)).ShouldBeNull();
        (await ReasonAsync(first.Key)).ShouldBe("the wait was over");
    }

    [Fact]
    public async Task What_an_ended_run_leaves_is_closed_with_the_reason()
    {
        var (consumed, open) = (Wait(Key()), Wait(Key()));
        var id = await SuspendAsync(consumed, open);
        await Store.SendAsync(Directed(consumed.Key), CancellationToken.None);
        var leased = (await Store.AcquireAsync(id, CancellationToken.None)).ShouldNotBeNull();
        await Store.CommitAsync(Burst(leased.Lease) with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Cancelled }, CancellationToken.None);
        await Store.SendAsync(Directed(open.Key), CancellationToken.None);
        (await ReasonAsync(consumed.Key)).ShouldBe("the run ended as Cancelled");
        (await ReasonAsync(open.Key)).ShouldBe("the wait was over");
    }

    [Fact]
    public async Task A_stimulus_of_a_transaction_that_rolls_back_was_never_sent()
    {
        var bookmark = Wait(Key());
        var id = await SuspendAsync(bookmark);
        await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
        await using (await connection.BeginTransactionAsync())
            (await Stimuli.SendAsync(connection, [Directed(bookmark.Key), Directed(Key())], CancellationToken.None)).ShouldBe(2);
        (await Store.AcquireAsync(id, CancellationToken.None)).ShouldBeNull();
        (await Store.SendAsync(Directed(bookmark.Key), CancellationToken.None)).ShouldBeTrue();
        (await Store.AcquireAsync(id, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Transactions_that_send_the_same_keys_in_any_order_do_not_block_each_other_for_ever()
    {
        var keys = Enumerable.Range(0, 20).Select(_ => Key()).ToList();
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            var shuffled = keys.ToArray();
            new Random(i).Shuffle(shuffled);
            await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await Stimuli.SendAsync(connection, [.. shuffled.Select(key => new Stimulus(key, $"{key}:{i}"))], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        });
        (await Db.ScalarAsync<long>("select count(*) from stimuli")).ShouldBe(800);
    }

    [Fact]
    public async Task A_due_time_and_a_stimulus_take_a_bookmark_once()
    {
        var bookmarks = Enumerable.Range(0, 50).Select(_ => Wait(Key(), TimeSpan.FromMinutes(1))).ToList();
        var ids = new List<Guid>();
        foreach (var bookmark in bookmarks)
            ids.Add(await SuspendAsync(bookmark));
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        await Task.WhenAll(bookmarks.Select(bookmark => Task.Run(() => Store.SendAsync(Directed(bookmark.Key), CancellationToken.None)))
            .Append(Task.Run(async () => await Other.FireDueAsync(100, CancellationToken.None) >= 0)));
        await Store.FireDueAsync(100, CancellationToken.None);
        var leased = await Store.AcquireAnyAsync(100, CancellationToken.None);
        leased.Count.ShouldBe(50);
        leased.ShouldAllBe(instance => instance.Inbox.Count == 1);
    }

    private Task<string?> ReasonAsync(string key) => Db.ScalarAsync<string>("select reason from stimuli where dedupe_key = $1 and status = 'Closed'", key);
}
