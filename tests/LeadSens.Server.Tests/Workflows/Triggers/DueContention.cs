using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using LeadSens.Server.Workflows.Triggers;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSens.Server.Tests.Workflows.Triggers;

/// <summary>Ten thousand times that come at once, and two nodes.</summary>
public sealed class DueContention : StoreTest
{
    [Fact]
    public async Task Of_10000_triggers_due_at_once_each_starts_once()
    {
        await Db.ExecuteAsync("""
            insert into workflow_triggers (workspace_id, definition_id, version_id, activity_id, ordinal, activity_type, schedule, exclusive, since, due_at)
            select $1, 'd' || n, 'v', 't', 0, 'Elsa.Timer', 'every 00:10:00', false, clock_now() - interval '15 minutes', clock_now() from generate_series(1, 10000) n
            """, DemoWorkspace.Id);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var node = new DueTriggers(DataSource, NullLogger<DueTriggers>.Instance);
            while (await node.FireAsync(500, CancellationToken.None) > 0) { }
        })));
        (await Db.ScalarAsync<long>("select count(distinct trigger_id) from workflow_starts")).ShouldBe(10_000);
        (await Db.ScalarAsync<long>("select count(*) from workflow_starts")).ShouldBe(10_000);
        (await Db.ScalarAsync<long>("select count(*) from workflow_triggers where due_at - since = interval '10 minutes' and due_at > clock_now()")).ShouldBe(10_000);
    }

    [Fact]
    public async Task Of_10000_timers_due_at_once_each_resumes_once()
    {
        var id = await SuspendAsync();
        await Db.ExecuteAsync("""
            insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, due_at, created_at)
            select gen_random_uuid(), $1, 'timer', 'timer:' || n, 'n', 'a', 'Elsa.Delay', gen_random_uuid(), clock_now(), clock_now() from generate_series(1, 10000) n
            """, id);
        await Task.WhenAll(new[] { Store, Other, NewStore(), NewStore() }.Select(store => Task.Run(async () =>
        {
            while (await store.FireDueAsync(500, CancellationToken.None) > 0) { }
        })));
        (await Db.ScalarAsync<long>("select count(distinct bookmark_id) from workflow_resumptions")).ShouldBe(10_000);
        (await Db.ScalarAsync<long>("select count(*) from workflow_resumptions")).ShouldBe(10_000);
    }

    [Fact]
    public async Task A_crash_between_firing_and_start_loses_nothing_and_starts_once()
    {
        await using (var app = TestApp.Beside(Db))
        {
            var definitions = (DefinitionStore)app.Services.GetService(typeof(DefinitionStore))!;
            (await definitions.SaveAsync(DemoWorkspace.Id, Graphs.Line("ticks", Graphs.Trigger("t", "Elsa.Timer", "interval", "01:00:00")), publish: true, CancellationToken.None)).Errors.ShouldBeEmpty();
        }
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(61));
        (await new DueTriggers(DataSource, NullLogger<DueTriggers>.Instance).FireAsync(10, CancellationToken.None)).ShouldBe(1);
        (await Db.ScalarAsync<long>("select count(*) from workflow_starts")).ShouldBe(1);
        // A node dies while it turns the start into an instance.
        await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
        await using (await connection.BeginTransactionAsync())
            (await connection.ListAsync("select id from workflow_starts for update skip locked", row => row.GetGuid(0), CancellationToken.None)).Count.ShouldBe(1);

        await using var one = TestApp.Beside(Db);
        await using var two = TestApp.Beside(Db);
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from workflow_instances where sub_status = 'Finished'") == 1);
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from workflow_starts") == 0);
        (await Db.ScalarAsync<long>("select count(*) from workflow_instances")).ShouldBe(1);
    }
}
