using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>The database goes away while runs start, commit and resume. What it did before nobody knows; each run ends once all the same, and long
/// before a lease would end.</summary>
public sealed class OutageTests : DatabaseTest
{
    private const int Runs = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private readonly Guid _workspace = Guid.CreateVersion7();

    [Fact]
    public async Task Runs_end_once_although_answers_are_lost_after_their_commit()
    {
        await using var relay = new LossyRelay(Db.ConnectionString);
        await using var app = TestApp.Beside(Db, ("LeadSens:Database", relay.ConnectionString), ("LeadSens:DatabaseOwner", relay.Through(Db.OwnerConnectionString)));
        await PublishAsync(app);
        relay.LoseEvery(9);
        await RunAsync(app, () => Task.CompletedTask);
        relay.Lost.ShouldBeGreaterThan(20);
        relay.LoseEvery(0);
        await NothingStaysAsync();
    }

    [Fact]
    public async Task Runs_end_once_although_their_sessions_are_ended_in_the_middle_of_a_commit()
    {
        await using var app = TestApp.Beside(Db);
        await PublishAsync(app);
        var mishaps = 0;
        await RunAsync(app, () => ++mishaps <= 6 ? EndCommitsAsync() : Task.CompletedTask);
        mishaps.ShouldBeGreaterThan(1);
        await NothingStaysAsync();
    }

    [Fact]
    public async Task What_was_leased_while_a_node_stopped_is_given_back_and_no_death_is_counted()
    {
        var id = (await StoreTest.CreateAsync(NewStore(DataSource, new HeldLeases()))).Lease.InstanceId;
        await using (var app = TestApp.Beside(Db))
            await Db.ExecuteAsync("update workflow_instances set claim_token = $2, lease_node = $3, lease_until = clock_now() + interval '1 minute' where id = $1",
                id, Guid.CreateVersion7(), app.Services.GetRequiredService<NodeIdentity>().Id);

        (await Db.ScalarAsync<string>("select concat(claim_token, '/', lease_node, '/', deaths) from workflow_instances where id = $1", id)).ShouldBe("//0");
    }

    [Fact]
    public async Task What_was_leased_by_an_answer_that_was_lost_is_given_back()
    {
        await using var relay = new LossyRelay(Db.ConnectionString);
        await using var pool = Pools.Plain(relay.ConnectionString);
        var lossy = new SystemDatabase(pool);
        var held = new HeldLeases();
        var (there, here) = (NewStore(lossy, held), NewStore(DataSource, new HeldLeases()));
        var waits = Enumerable.Range(0, 20).Select(_ => StoreTest.Wait(StoreTest.Key())).ToList();
        foreach (var wait in waits)
            await here.CommitAsync(StoreTest.Burst((await StoreTest.CreateAsync(here)).Lease, wait), CancellationToken.None);
        foreach (var wait in waits.Skip(1))
            await here.SendAsync(StoreTest.Directed(wait.Key), CancellationToken.None);
        (await there.AcquireAsync(Guid.CreateVersion7(), CancellationToken.None)).ShouldBeNull("which opens the connection");

        relay.LoseEvery(1);
        var created = new NewInstance(Guid.CreateVersion7(), Guid.CreateVersion7(), "test", "test-1", 1, null, null, "{}"u8.ToArray());
        await LostAsync(() => there.CreateAsync(created, CancellationToken.None));
        await LostAsync(() => there.ResumeAsync(StoreTest.Directed(waits[0].Key), CancellationToken.None));
        await LostAsync(() => there.AcquireAnyAsync(20, CancellationToken.None));
        relay.LoseEvery(0);

        held.All.ShouldBeEmpty("nobody runs them, so nobody may renew them");
        (await here.AcquireAnyAsync(30, CancellationToken.None)).ShouldBeEmpty();
        await new Leases(lossy, new NodeIdentity(), new Nodes(lossy), held).GiveBackBrokenAsync(CancellationToken.None);
        held.Unanswered.ShouldBeEmpty();
        (await here.AcquireAnyAsync(30, CancellationToken.None)).Count.ShouldBe(21);

        async Task LostAsync<T>(Func<Task<T>> ask)
        {
            await Should.ThrowAsync<NpgsqlException>(ask);
            // The next one asks over a connection of its own.
            relay.LoseEvery(0);
            await there.ExistsAsync(Guid.Empty, CancellationToken.None);
            relay.LoseEvery(1);
        }
    }

    private async Task PublishAsync(TestApp app)
    {
        var definitions = app.Services.GetRequiredService<DefinitionStore>();
        var effect = Graphs.Box("effect", "Elsa.DispatchWorkflow", "workflowDefinitionId", "effect");
        (await definitions.SaveAsync(_workspace, Graphs.Line("effect", Graphs.WriteLine("a", "x")), publish: true, CancellationToken.None)).Errors.ShouldBeEmpty();
        (await definitions.SaveAsync(
            _workspace,
            Graphs.Line("run", Graphs.Box("task", "Elsa.RunTask", "taskName", "decide"), effect, Graphs.Box("again", "Elsa.RunTask", "taskName", "decide again"), Graphs.WriteLine("end", "done")),
            publish: true, CancellationToken.None)).Errors.ShouldBeEmpty();
    }

    /// <summary>Starts the runs and does their tasks, again whenever the answer is a failure, with a mishap now and then.</summary>
    private async Task RunAsync(TestApp app, Func<Task> mishap)
    {
        var workflows = app.Services.GetRequiredService<WorkflowService>();
        await Parallel.ForAsync(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancellationToken) =>
        {
            var id = Guid.CreateVersion7();
            await UntilAnsweredAsync(() => workflows.StartAsync("run", _workspace, null, null, id, cancellationToken));
        });
        await Eventually.Be(async () =>
        {
            var tasks = await Db.ListAsync<string>("select key from workflow_bookmarks where state = 0 and name = 'task'");
            await Task.WhenAll(
                Parallel.ForEachAsync(tasks, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, cancellationToken) =>
                    await UntilAnsweredAsync(() => workflows.SendAsync(new Stimulus(key, key), cancellationToken))),
                tasks.Count > 0 ? mishap() : Task.CompletedTask);
            return await Db.ScalarAsync<long>("select count(*) from workflow_instances where status = 'Finished'") == 2 * Runs;
        }, Patience);
    }

    /// <summary>Holds commits up in their middle until there is one, and ends their sessions.</summary>
    private async Task EndCommitsAsync()
    {
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("lock table workflow_bursts in share mode", CancellationToken.None);
        // The parts keep the statement from finding itself.
        await Eventually.Be(async () => (await Db.ListAsync<int>("""
            select pid from (
                select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from workflow_' || 'commit(%' offset 0) committing
            where pg_terminate_backend(pid)
            """)).Count > 0);
    }

    private async Task NothingStaysAsync()
    {
        (await Db.ScalarAsync<long>("select count(*) from workflow_instances where sub_status = 'Finished' and claim_token is null")).ShouldBe(2 * Runs);
        (await Db.ScalarAsync<long>("select count(distinct parent_id) from workflow_instances where definition_id = 'effect'")).ShouldBe(Runs);
        foreach (var box in (string[])["task", "effect", "again", "end"])
            (await Db.ScalarAsync<long>("select count(*) from workflow_journal where activity_id = $1 and event_name = 'Completed'", box)).ShouldBe(Runs, box);
        (await Db.ScalarAsync<long>("select count(*) from workflow_resumptions")).ShouldBe(0);
        (await Db.ScalarAsync<long>("select count(*) from workflow_bookmarks where state < 2")).ShouldBe(0);
        (await Db.ScalarAsync<long>("select count(*) from stimuli where status = 'Waiting'")).ShouldBe(0);
    }

    private static async Task UntilAnsweredAsync<T>(Func<Task<T>> ask) => await Eventually.Be(
        async () =>
        {
            try
            {
                await ask();
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        },
        Patience);

    private static PostgresWorkflowStore NewStore(SystemDatabase database, HeldLeases held) => new(database, new NodeIdentity(), held);
}
