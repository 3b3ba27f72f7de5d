using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows.Triggers;

/// <summary>Events start runs.</summary>
public sealed class EventStartTests : TriggerApp
{
    [Fact]
    public async Task An_event_starts_the_workflows_that_it_triggers_now_with_what_it_carries()
    {
        await SendAsync("reply", new JsonObject { ["day"] = "yesterday" });
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply"), Graphs.WriteLine("w", "x")));
        await PublishAsync(Graphs.Line("also", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        await PublishAsync(Graphs.Line("other", Graphs.Trigger("e", "Elsa.Event", "eventName", "click")));
        await SendAsync("reply", new JsonObject { ["day"] = "today" });
        await Eventually.Be(async () => await FinishedAsync("on-reply") + await FinishedAsync("also") == 2);
        (await StartedAsync("on-reply")).ShouldBe(1, "yesterday's event starts no run of today");
        (await StartedAsync("other")).ShouldBe(0);
        (await Db.ListAsync<string>("select activity_id || coalesce(payload, '') from workflow_journal j join workflow_instances i on i.id = j.instance_id where definition_id = 'on-reply' and event_name = 'Completed' order by sequence"))
            .ShouldBe(["""e{"outputs":{"Result":{"day":"today"}}}""", "w{\"notes\":{\"text\":\"x\"}}", "Flowchart1"], ignoreOrder: false);
    }

    [Fact]
    public async Task An_event_of_another_workspace_starts_nothing()
    {
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        await SendAsync("reply", workspace: Guid.CreateVersion7());
        (await StartedAsync("on-reply")).ShouldBe(0);
    }

    [Fact]
    public async Task Yesterdays_event_resumes_no_run_of_today()
    {
        await PublishAsync(Graphs.Line("waits", Graphs.Event("e", "reply"), Graphs.WriteLine("w", "x")));
        await SendAsync("reply");
        var id = Guid.CreateVersion7();
        (await App.Services.GetRequiredService<WorkflowService>().StartAsync("waits", Workspace, null, null, id, CancellationToken.None)).Run.ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        (await App.Services.GetRequiredService<WorkflowStore>().AcquireAsync(id, CancellationToken.None)).ShouldBeNull();
        await SendAsync("reply");
        await Eventually.Be(async () => await FinishedAsync("waits") == 1);
    }

    [Fact]
    public async Task An_event_that_is_published_for_one_run_or_correlation_starts_accordingly()
    {
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        var key = LeadSens.Engine.BuiltIn.Event.Key(Workspace, "reply");
        var store = App.Services.GetRequiredService<WorkflowStore>();
        await store.SendAsync(new Stimulus(key, "for-one", StimulusKind.Broadcast) { InstanceId = Guid.CreateVersion7() }, CancellationToken.None);
        await store.SendAsync(new Stimulus(key, "correlated", StimulusKind.Broadcast) { CorrelationId = "order-7" }, CancellationToken.None);
        await store.SendAsync(new Stimulus(key, "correlated", StimulusKind.Broadcast) { CorrelationId = "order-7" }, CancellationToken.None);
        await Eventually.Be(async () => await FinishedAsync("on-reply") == 1);
        (await Db.ListAsync<string>("select correlation_id from workflow_instances where definition_id = 'on-reply'")).ShouldBe(["order-7"]);
    }

    [Fact]
    public async Task An_event_that_a_run_publishes_starts_others_once_the_run_has_committed_it()
    {
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        await PublishAsync(Graphs.Line("tells", Graphs.Box("p", "Elsa.PublishEvent", "eventName", "reply")));
        await App.Services.GetRequiredService<WorkflowService>().StartAsync("tells", Workspace, null, null, Guid.CreateVersion7(), CancellationToken.None);
        await Eventually.Be(async () => await FinishedAsync("on-reply") == 1);
        (await StartedAsync("on-reply")).ShouldBe(1);
    }

    [Fact]
    public async Task A_start_that_breaks_keeps_no_other_waiting()
    {
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        await Db.ExecuteAsync("""
            insert into workflow_starts (id, workspace_id, definition_id, version_id, activity_id, trigger_id, stimulus_id, payload, created_at)
            select gen_random_uuid(), workspace_id, definition_id, version_id, activity_id, id, id, '{"a":1,"a":', now() from workflow_triggers
            """);
        await SendAsync("reply");
        await Eventually.Be(async () => await FinishedAsync("on-reply") == 1);
        (await Db.ScalarAsync<string>("select refused from workflow_starts"))!.ShouldStartWith("The start broke:");
    }

    [Fact]
    public async Task A_start_with_an_id_that_nobody_could_find_again_keeps_no_other_waiting()
    {
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        var key = LeadSens.Engine.BuiltIn.Event.Key(Workspace, "reply");
        // More than a row of an index holds, and nothing that could be packed.
        var correlation = string.Concat(Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7().ToString("N")));
        await App.Services.GetRequiredService<WorkflowStore>().SendAsync(new Stimulus(key, "long", StimulusKind.Broadcast) { CorrelationId = correlation }, CancellationToken.None);
        await SendAsync("reply");
        await Eventually.Be(async () => await FinishedAsync("on-reply") == 1);
        (await Db.ScalarAsync<string>("select refused from workflow_starts")).ShouldBe("A correlation id has at most 600 characters.");

        using var http = App.Client();
        var refused = await http.PostAsJsonAsync("/elsa/api/events/reply/trigger", new { correlationId = correlation });
        refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_run_that_the_database_does_not_take_keeps_no_other_waiting()
    {
        await Db.ExecuteAsync("create function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '54000', message = 'too large'; end $$");
        await Db.ExecuteAsync("create trigger refuses before insert on workflow_instances for each row when (new.correlation_id = 'too-large') execute function refuse()");
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        var key = LeadSens.Engine.BuiltIn.Event.Key(Workspace, "reply");
        await App.Services.GetRequiredService<WorkflowStore>().SendAsync(new Stimulus(key, "large", StimulusKind.Broadcast) { CorrelationId = "too-large" }, CancellationToken.None);
        await SendAsync("reply");
        await Eventually.Be(async () => await FinishedAsync("on-reply") == 1);
        (await Db.ScalarAsync<string>("select refused from workflow_starts")).ShouldBe("The run cannot be stored: too large.");
    }

    [Fact]
    public async Task A_start_that_cannot_become_a_run_is_kept_with_its_reason()
    {
        await PublishAsync(Graphs.Line("on-reply", Graphs.Trigger("e", "Elsa.Event", "eventName", "reply")));
        await Db.ExecuteAsync("update workflow_triggers set activity_id = 'gone' where definition_id = 'on-reply'");
        await SendAsync("reply");
        await Eventually.Be(async () => await Db.ScalarAsync<string>("select refused from workflow_starts where definition_id = 'on-reply'") == "There is no box 'gone' to start with.");
        (await StartedAsync("on-reply")).ShouldBe(0);
    }
}
