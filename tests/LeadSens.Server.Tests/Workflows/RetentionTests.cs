using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>What is old is forgotten, in the real app.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private readonly Guid _workspace = Guid.CreateVersion7();
    private TestApp _app = null!;

    private WorkflowService Workflows => _app.Services.GetRequiredService<WorkflowService>();

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        foreach (var definition in (string[])[Graphs.Line("short", Graphs.WriteLine("a", "x")), Graphs.Line("waiting", Graphs.Event("go", "go"), Graphs.WriteLine("end", "done"))])
            (await _app.Services.GetRequiredService<DefinitionStore>().SaveAsync(_workspace, definition, publish: true, CancellationToken.None)).Errors.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_run_that_ended_long_ago_goes_with_all_that_is_its_own()
    {
        var (ended, resumed, open) = (await StartAsync("short"), await StartAsync("waiting"), await StartAsync("waiting"));
        using var scope = DatabaseScope.Work(_workspace);
        await Workflows.SendAsync(new Stimulus(Engine.BuiltIn.Event.Key(_workspace, "go"), "go-1", StimulusKind.Broadcast) { InstanceId = resumed }, CancellationToken.None);
        await Eventually.Be(async () => (await Workflows.GetAsync(resumed, CancellationToken.None))!.Status == "Finished");
        await AgeAsync(TimeSpan.FromDays(179), ended, resumed, open);
        await ForgetAsync();
        (await LeftAsync()).ShouldBe([3, 3, 1, 0], "only the wait that was over is forgotten");
        await AgeAsync(TimeSpan.FromDays(2), ended, resumed, open);
        await ForgetAsync();
        (await LeftAsync()).ShouldBe([1, 0, 1, 0]);
        (await Workflows.GetAsync(open, CancellationToken.None))!.WaitsFor.ShouldBe(["Event 'go'"]);
    }

    [Fact]
    public async Task The_run_of_a_campaign_that_may_go_on_stays()
    {
        var id = await StartAsync("short");
        await _app.Database.ExecuteAsync("insert into workspaces (id, name) values ($1, 'w')", _workspace);
        await _app.Database.ExecuteAsync("""
            insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, workflow_instance_id, created_at)
            values ($1, $2, 'c', 'Faulted', '{}', 1, 5, '{}', 'short', $1, now())
            """, id, _workspace);
        await AgeAsync(TimeSpan.FromDays(400), id);
        await ForgetAsync();
        (await LeftAsync())[0].ShouldBe(1);
        await _app.Database.ExecuteAsync("update campaigns set status = 'Cancelled'");
        await ForgetAsync();
        (await LeftAsync())[0].ShouldBe(0);
    }

    [Fact]
    public async Task Of_thousands_all_are_forgotten_portion_by_portion()
    {
        var id = await StartAsync("short");
        await _app.Database.ExecuteAsync("""
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, runnable, created_at, updated_at, finished_at)
            select gen_random_uuid(), workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, false,
                now() - interval '300 days', now(), now() - interval '299 days'
            from workflow_instances, generate_series(1, 1234) where id = $1
            """, id);
        await ForgetAsync();
        (await LeftAsync())[0].ShouldBe(1);
    }

    [Fact]
    public async Task The_journal_of_a_run_that_went_on_for_long_goes_portion_by_portion()
    {
        var id = await StartAsync("short");
        await _app.Database.ExecuteAsync("""
            insert into workflow_bursts (instance_id, first_sequence, at, entries)
            select instance_id, first_sequence + n, at, entries from workflow_bursts, generate_series(1, 1234) n where instance_id = $1
            """, id);
        await AgeAsync(TimeSpan.FromDays(300), id);
        await _app.Database.ExecuteAsync("""
            create table portions (count bigint);
            create function note_portion() returns trigger language plpgsql security definer as $$ begin insert into portions select count(*) from gone; return null; end $$;
            create trigger portion after delete on workflow_bursts referencing old table as gone for each statement execute function note_portion();
            """);

        await ForgetAsync();

        (await LeftAsync()).ShouldBe([0, 0, 0, 0]);
        (await _app.Database.ScalarAsync<bool>("select sum(count) >= 1234 and max(count) <= 500 from portions")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_stimulus_that_nothing_waited_for_says_so_in_the_end()
    {
        await Workflows.SendAsync(new Stimulus("task:nobody", "task:nobody"), CancellationToken.None);
        await _app.Database.ExecuteAsync("update stimuli set created_at = created_at - interval '31 days'");
        await ForgetAsync();
        (await _app.Database.ListAsync<string>("select status || ': ' || reason from stimuli")).ShouldBe(["Closed: nothing waited for it in time"]);
        await _app.Database.ExecuteAsync("update stimuli set created_at = created_at - interval '31 days'");
        await ForgetAsync();
        (await _app.Database.ScalarAsync<long>("select count(*) from stimuli")).ShouldBe(0);
    }

    private Task ForgetAsync() => _app.Services.GetRequiredService<Retention>().ForgetAsync(CancellationToken.None);

    private async Task<Guid> StartAsync(string definition)
    {
        var id = Guid.CreateVersion7();
        (await Workflows.StartAsync(definition, _workspace, null, null, id, CancellationToken.None)).Errors.ShouldBeEmpty();
        return id;
    }

    private async Task AgeAsync(TimeSpan by, params Guid[] ids)
    {
        await _app.Database.ExecuteAsync("update workflow_instances set created_at = created_at - $1, finished_at = finished_at - $1 where id = any ($2)", by, ids);
        await _app.Database.ExecuteAsync("update workflow_bursts set at = at - $1 where instance_id = any ($2)", by, ids);
        await _app.Database.ExecuteAsync("update workflow_bookmarks set created_at = created_at - $1 where instance_id = any ($2)", by, ids);
    }

    /// <summary>Instances, instances with a journal, bookmarks, resumptions.</summary>
    private Task<List<long>> LeftAsync() => _app.Database.ListAsync<long>("""
        select count(*) from workflow_instances union all select count(distinct instance_id) from workflow_bursts
        union all select count(*) from workflow_bookmarks union all select count(*) from workflow_resumptions
        """);
}
