using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Event = LeadSens.Engine.BuiltIn.Event;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Runs in the real app: the hosted runner, its sweep and its signal.</summary>
public sealed class WorkflowServiceTests(AppOfClass apps) : IClassFixture<AppOfClass>
{
    private readonly Guid _workspace = Guid.CreateVersion7();
    private readonly TestApp _app = apps.App;

    private WorkflowService Workflows => _app.Services.GetRequiredService<WorkflowService>();
    private DefinitionStore Definitions => _app.Services.GetRequiredService<DefinitionStore>();

    [Fact]
    public async Task A_run_waits_and_goes_on_when_its_event_comes()
    {
        await PublishAsync(Graphs.Line("waiting", Graphs.Event("go", "go"), Graphs.WriteLine("end", "done")));
        var id = await StartAsync("waiting");
        (await ViewAsync(id)).WaitsFor.ShouldBe(["Event 'go'"]);
        await SendAsync("go");
        await EndsAsync(id, "Finished");
        (await JournalAsync(id)).ShouldBe(["go Completed", "end Completed"]);
    }

    [Fact]
    public async Task A_paused_run_goes_on_when_it_is_resumed()
    {
        await PublishAsync(Graphs.Line("paused", Graphs.Event("go", "go")));
        var id = await StartAsync("paused");
        using var scope = DatabaseScope.Work(_workspace);
        (await Workflows.PauseAsync(id, CancellationToken.None)).ShouldBeTrue();
        await SendAsync("go");
        (await ViewAsync(id)).SubStatus.ShouldBe("Suspended");
        (await Workflows.ResumeAsync(id, CancellationToken.None)).ShouldBeTrue();
        await EndsAsync(id, "Finished");
    }

    [Fact]
    public async Task A_cancelled_run_is_over()
    {
        await PublishAsync(Graphs.Line("cancelled", Graphs.Event("go", "go")));
        var id = await StartAsync("cancelled");
        (await Workflows.CancelAsync(id, "not needed", CancellationToken.None)).ShouldBe(CancelOutcome.Cancelled);
        await EndsAsync(id, "Cancelled");
        (await Workflows.CancelAsync(id, null, CancellationToken.None)).ShouldBe(CancelOutcome.Nothing, "it was over already");
    }

    [Theory]
    [InlineData("Finished")]
    [InlineData("Cancelled")]
    [InlineData("Faulted")]
    public async Task Nothing_about_an_ended_run_changes_by_what_is_asked_of_it_too_late(string how)
    {
        var box = how switch { "Faulted" => Graphs.Box("f", "Elsa.Fault", "code", "broken"), "Cancelled" => Graphs.Event("go", "go"), _ => Graphs.WriteLine("a", "a") };
        await PublishAsync(Graphs.Line("ended", box));
        var id = await StartAsync("ended");
        if (how == "Cancelled") (await Workflows.CancelAsync(id, null, CancellationToken.None)).ShouldBe(CancelOutcome.Cancelled);
        await EndsAsync(id, how);
        await _app.Database.ExecuteAsync("update workflow_instances set finished_at = finished_at - interval '3 days', updated_at = updated_at - interval '3 days' where id = $1", id);
        var before = await RowAsync(id);

        // One that faulted may still be cancelled.
        if (how != "Faulted") (await Workflows.CancelAsync(id, "too late", CancellationToken.None)).ShouldBe(CancelOutcome.Nothing);
        (await Workflows.RetryAsync(id, ["nowhere"], CancellationToken.None)).ShouldBe(RetryOutcome.Nothing);
        (await Workflows.PauseAsync(id, CancellationToken.None)).ShouldBeFalse();
        (await Workflows.ResumeAsync(id, CancellationToken.None)).ShouldBeFalse();
        (await Workflows.SetVariablesAsync(id, new Dictionary<string, JsonElement>(), CancellationToken.None)).ShouldBeNull();
        await SendAsync("go");

        (await RowAsync(id)).ShouldBe(before);
    }

    [Fact]
    public async Task A_second_start_with_the_same_id_changes_nothing()
    {
        await PublishAsync(Graphs.Line("once", Graphs.Event("go", "go")));
        var id = await StartAsync("once");
        (await Workflows.StartAsync("once", _workspace, null, null, id, CancellationToken.None)).AlreadyExisted.ShouldBeTrue();
    }

    [Fact]
    public async Task An_unknown_workflow_is_refused_by_name()
    {
        var refused = await Workflows.StartAsync("nowhere", _workspace, null, null, Guid.CreateVersion7(), CancellationToken.None);
        refused.Errors.ShouldHaveSingleItem().Message.ShouldContain("'nowhere'");
    }

    [Fact]
    public async Task A_run_keeps_the_version_that_it_started_with()
    {
        await PublishAsync(Graphs.Line("versioned", Graphs.Event("go", "go"), Graphs.WriteLine("old", "old")));
        var before = await StartAsync("versioned");
        await PublishAsync(Graphs.Line("versioned", Graphs.Event("go", "go"), Graphs.WriteLine("new", "new")));
        var after = await StartAsync("versioned");
        await SendAsync("go");
        await EndsAsync(before, "Finished");
        await EndsAsync(after, "Finished");
        (await JournalAsync(before)).ShouldContain("old Completed");
        (await JournalAsync(after)).ShouldContain("new Completed");
    }

    [Fact]
    public async Task A_burst_that_nobody_commits_is_run_by_the_next_node()
    {
        await PublishAsync(Graphs.Line("crash", Graphs.WriteLine("end", "done")));
        var version = (await Definitions.PublishedVersionAsync(_workspace, "crash", CancellationToken.None))!;
        var id = await StartAsync("crash");
        await EndsAsync(id, "Finished");
        // As a node leaves it that dies in the first burst: created, leased, nothing committed; the node itself is long gone.
        await _app.Database.ExecuteAsync(
            """
            with died as (insert into nodes (id, advisory_key) values (gen_random_uuid(), 42) returning id)
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, runnable,
                claim_token, lease_node, lease_until, created_at, updated_at)
            select gen_random_uuid(), $1, 'crash', $2, 1, 'Running', 'Pending', $3, 1, true, gen_random_uuid(), died.id, clock_now() + interval '1 hour', now(), now() from died
            """, _workspace, version, await FirstStateAsync(version));
        await Eventually.Be(async () => await _app.Database.ScalarAsync<long>("select count(*) from workflow_instances where status = 'Finished' and definition_id = 'crash'") == 2);
    }

    [Fact]
    public async Task Who_leaves_before_it_holds_a_lease_gives_back_nobody_elses()
    {
        await PublishAsync(Graphs.Line("held", Graphs.Event("go", "go")));
        var held = await HoldAsync("held");
        var gone = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(() => Workflows.RetryAsync(held.InstanceId, null, gone));
        await Should.ThrowAsync<OperationCanceledException>(() => Workflows.CancelAsync(held.InstanceId, null, gone));
        await Should.ThrowAsync<OperationCanceledException>(() => Workflows.SetVariablesAsync(held.InstanceId, new Dictionary<string, JsonElement>(), gone));
        (await TokenAsync(held)).ShouldBe(held.Token, "the burst that runs would run a second time elsewhere");
    }

    [Fact]
    public async Task A_retry_leaves_alone_what_runs()
    {
        await PublishAsync(Graphs.Line("held", Graphs.Event("go", "go")));
        var held = await HoldAsync("held");
        (await Workflows.RetryAsync(held.InstanceId, null, CancellationToken.None)).ShouldBe(RetryOutcome.Nothing);
        (await TokenAsync(held)).ShouldBe(held.Token);
    }

    [Fact]
    public async Task A_run_whose_node_died_three_times_in_the_same_box_is_parked_and_can_be_retried()
    {
        await PublishAsync(Graphs.Line("deadly", Graphs.WriteLine("end", "done")));
        var version = (await Definitions.PublishedVersionAsync(_workspace, "deadly", CancellationToken.None))!;
        await Definitions.FindAsync(version, CancellationToken.None);
        // As the second node leaves it that died in it; now the third one is gone.
        var id = await _app.Database.ScalarAsync<Guid>(
            """
            with died as (insert into nodes (id, advisory_key) values (gen_random_uuid(), 43) returning id)
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, runnable,
                claim_token, lease_node, lease_until, deaths, created_at, updated_at)
            select gen_random_uuid(), $1, 'deadly', $2, 1, 'Running', 'Pending', $3, 1, true, gen_random_uuid(), died.id, clock_now() + interval '1 hour', 2, now(), now() from died returning id
            """, _workspace, version, await FirstStateAsync(version));
        await EndsAsync(id, "Faulted");
        (await _app.Database.ScalarAsync<string>("select message from workflow_journal where instance_id = $1 and event_name = 'Faulted'", id)).ShouldNotBeNull().ShouldContain("died 3 times in a row");
        (await Workflows.RetryAsync(id, null, CancellationToken.None)).ShouldBe(RetryOutcome.Retried);
        await EndsAsync(id, "Finished");
    }

    [Fact]
    public async Task A_burst_that_the_database_does_not_take_is_parked_and_not_run_again_and_again()
    {
        await _app.Database.ExecuteAsync("create function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '54000', message = 'too large'; end $$");
        await _app.Database.ExecuteAsync("create trigger refuses before update on workflow_instances for each row when (new.name = 'unstorable') execute function refuse()");
        await PublishAsync(Graphs.Line("unstorable", Graphs.WriteLine("begin", "x"), Graphs.Box("name", "Elsa.SetName", "value", "unstorable")));
        var id = Guid.CreateVersion7();
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Workflows.StartAsync("unstorable", _workspace, null, null, id, CancellationToken.None));
        await EndsAsync(id, "Faulted");
        (await _app.Database.ScalarAsync<string>("select message from workflow_journal where instance_id = $1 and event_name = 'Faulted'", id)).ShouldNotBeNull().ShouldContain("too large");
        (await _app.Database.ScalarAsync<bool>("select claim_token is null and not runnable from workflow_instances where id = $1", id)).ShouldBeTrue();
        await _app.Database.ExecuteAsync("drop trigger refuses on workflow_instances");
        (await Workflows.RetryAsync(id, null, CancellationToken.None)).ShouldBe(RetryOutcome.Retried);
        await EndsAsync(id, "Finished");
    }

    [Fact]
    public async Task Publishing_needs_a_definition_without_errors_and_a_draft_does_not()
    {
        var broken = Graphs.Line("broken", Graphs.WriteLine("a", "a")).Replace("Elsa.WriteLine", "Elsa.Nonsense", StringComparison.Ordinal);
        var refused = await Definitions.SaveAsync(_workspace, broken, publish: true, CancellationToken.None);
        refused.VersionId.ShouldBeNull();
        refused.Errors.ShouldHaveSingleItem().ActivityId.ShouldBe("a");
        (await Definitions.SaveAsync(_workspace, broken, publish: false, CancellationToken.None)).VersionId.ShouldNotBeNull();
        (await Definitions.SaveAsync(_workspace, "no json", publish: true, CancellationToken.None)).Errors.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_draft_changes_in_place_until_it_is_published()
    {
        var first = await Definitions.SaveAsync(_workspace, Graphs.Line("draft", Graphs.WriteLine("a", "1")), publish: false, CancellationToken.None);
        var second = await Definitions.SaveAsync(_workspace, Graphs.Line("draft", Graphs.WriteLine("a", "2")), publish: true, CancellationToken.None);
        second.VersionId.ShouldBe(first.VersionId);
        var third = await Definitions.SaveAsync(_workspace, Graphs.Line("draft", Graphs.WriteLine("a", "3")), publish: false, CancellationToken.None);
        third.Version.ShouldBe(second.Version + 1);
        (await Definitions.PublishedVersionAsync(_workspace, "draft", CancellationToken.None)).ShouldBe(second.VersionId);
    }

    [Fact]
    public async Task A_workspace_that_edits_a_shipped_graph_gets_a_copy_of_its_own()
    {
        var stranger = Guid.CreateVersion7();
        var shipped = (await Definitions.PublishedVersionAsync(_workspace, "campaign", CancellationToken.None)).ShouldNotBeNull();
        (await Definitions.OriginAsync(_workspace, "campaign", CancellationToken.None)).ShouldBe(DefinitionOrigin.Shipped);
        var body = JsonNode.Parse((await _app.Database.ScalarAsync<string>("select body from workflow_definitions where version_id = $1", shipped))!)!;
        await PublishAsync(body.ToJsonString());
        (await Definitions.OriginAsync(_workspace, "campaign", CancellationToken.None)).ShouldBe(DefinitionOrigin.Shipped, "a save without a change is no edit");
        body["description"] = "Mine.";
        await PublishAsync(body.ToJsonString());
        (await Definitions.OriginAsync(_workspace, "campaign", CancellationToken.None)).ShouldBe(DefinitionOrigin.Edited);
        (await Definitions.PublishedVersionAsync(_workspace, "campaign", CancellationToken.None)).ShouldNotBe(shipped);
        (await Definitions.PublishedVersionAsync(stranger, "campaign", CancellationToken.None)).ShouldBe(shipped);
    }

    [Fact]
    public async Task A_newer_shipped_graph_leaves_an_edited_copy_alone()
    {
        var directory = Directory.CreateTempSubdirectory("leadsens-workflows-");
        var file = Path.Combine(directory.FullName, "shipped.json");
        await ShipAsync(file, Graphs.WriteLine("a", "1"));
        var stranger = Guid.CreateVersion7();
        await PublishAsync(Graphs.Line("shipped", Graphs.WriteLine("a", "mine")));
        var mine = await Definitions.PublishedVersionAsync(_workspace, "shipped", CancellationToken.None);
        var before = await Definitions.PublishedVersionAsync(stranger, "shipped", CancellationToken.None);
        await ShipAsync(file, Graphs.WriteLine("a", "2"));
        await ShipAsync(file, Graphs.WriteLine("a", "2"));
        (await Definitions.PublishedVersionAsync(_workspace, "shipped", CancellationToken.None)).ShouldBe(mine);
        (await Definitions.OriginAsync(_workspace, "shipped", CancellationToken.None)).ShouldBe(DefinitionOrigin.EditedAndOutdated);
        (await Definitions.PublishedVersionAsync(stranger, "shipped", CancellationToken.None)).ShouldNotBe(before);
        (await _app.Database.ScalarAsync<long>("select count(*) from workflow_definitions where definition_id = 'shipped' and workspace_id is null")).ShouldBe(2);
        directory.Delete(recursive: true);
    }

    private async Task ShipAsync(string file, JsonObject box)
    {
        await File.WriteAllTextAsync(file, Graphs.Line("shipped", box));
        var options = Microsoft.Extensions.Options.Options.Create(new WorkflowOptions { Directory = Path.GetDirectoryName(file)! });
        await ActivatorUtilities.CreateInstance<ShippedDefinitions>(_app.Services, options).StartingAsync(CancellationToken.None);
    }

    private async Task PublishAsync(string json) => (await Definitions.SaveAsync(_workspace, json, publish: true, CancellationToken.None)).Errors.ShouldBeEmpty();

    private async Task<Guid> StartAsync(string definitionId)
    {
        var id = Guid.CreateVersion7();
        (await Workflows.StartAsync(definitionId, _workspace, null, null, id, CancellationToken.None)).Errors.ShouldBeEmpty();
        return id;
    }

    private async Task SendAsync(string eventName)
    {
        var stimulus = new Stimulus(Event.Key(_workspace, eventName), Guid.CreateVersion7().ToString(), StimulusKind.Broadcast);
        await _app.Services.GetRequiredService<WorkflowStore>().SendAsync(stimulus, CancellationToken.None);
        _app.Services.GetRequiredService<WorkflowSignal>().Wake();
    }

    private Task EndsAsync(Guid id, string subStatus) => Eventually.Be(async () => (await ViewAsync(id)).SubStatus == subStatus);

    private async Task<WorkflowInstanceView> ViewAsync(Guid id)
    {
        using var scope = DatabaseScope.Work(_workspace);
        return (await Workflows.GetAsync(id, CancellationToken.None))!;
    }

    private Task<List<string>> JournalAsync(Guid id) => _app.Database.ListAsync<string>(
        "select activity_id || ' ' || event_name from workflow_journal where instance_id = $1 and event_name = 'Completed' and activity_id <> 'Flowchart1' order by sequence", id);

    /// <summary>A new run that this node holds, as in the middle of its first burst.</summary>
    private async Task<InstanceLease> HoldAsync(string definitionId)
    {
        var version = (await Definitions.PublishedVersionAsync(_workspace, definitionId, CancellationToken.None))!;
        await Definitions.FindAsync(version, CancellationToken.None);
        var instance = new NewInstance(Guid.CreateVersion7(), _workspace, definitionId, version, 1, null, null, await FirstStateAsync(version));
        return (await _app.Services.GetRequiredService<WorkflowStore>().CreateAsync(instance, CancellationToken.None))!.Lease;
    }

    private Task<Guid> TokenAsync(InstanceLease lease) => _app.Database.ScalarAsync<Guid>("select claim_token from workflow_instances where id = $1", lease.InstanceId);

    /// <summary>The run, its journal and its waits, as they are stored.</summary>
    private Task<string?> RowAsync(Guid id) => _app.Database.ScalarAsync<string>("""
        select jsonb_pretty(to_jsonb(i) || jsonb_build_object(
            'journal', (select count(*) from workflow_bursts j where j.instance_id = i.id), 'waits', (select count(*) from workflow_bookmarks b where b.instance_id = i.id)))
        from workflow_instances i where id = $1
        """, id);

    /// <summary>The state that a start of this version writes.</summary>
    private async Task<byte[]> FirstStateAsync(string version)
    {
        var store = new InMemoryWorkflowStore(TimeProvider.System);
        var id = Guid.CreateVersion7();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var runner = new WorkflowRunner(store, Definitions, _app.Services, TimeProvider.System, new RunnerOptions());
        await runner.StartAsync(new StartRequest(id, _workspace, version), stop.Token);
        return (await store.SeizeAsync(id, CancellationToken.None))!.State;
    }
}
