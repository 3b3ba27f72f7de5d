using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Studio;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows.Triggers;

/// <summary>Runs that exclude each other, over all nodes.</summary>
public sealed class ActivationTests : TriggerApp
{
    private const string Busy = "has not ended yet";

    [Fact]
    public async Task Of_50_starts_at_once_from_two_servers_one_runs()
    {
        await PublishAsync(Only("only", Graphs.Event("e", "go-on")));
        await using var other = TestApp.Beside(Db);
        using var one = App.Client();
        using var two = other.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => ExecuteAsync(i % 2 == 0 ? one : two)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
        {
            refused.Headers.GetValues("x-elsa-workflow-cannot-start").ShouldBe(["True"]);
            (await StudioClient.RefusalAsync(refused)).ShouldContain(Busy);
        }
        (await Db.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = 'only'")).ShouldBe(1);

        await SendAsync("go-on");
        await Eventually.Be(async () => await FinishedAsync("only") == 1);
        (await ExecuteAsync(one)).StatusCode.ShouldBe(HttpStatusCode.OK, "the first has ended");
    }

    [Fact]
    public async Task A_trigger_whose_workflow_still_runs_starts_none_and_the_refusal_is_kept()
    {
        await PublishAsync(Only("only", Graphs.Trigger("t", "Elsa.Event", "eventName", "reply"), Graphs.Event("e", "go-on")));
        await SendAsync("reply");
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from workflow_instances where sub_status = 'Suspended'") == 1);
        await SendAsync("reply");
        await Eventually.Be(async () => (await Db.ScalarAsync<string>("select refused from workflow_starts where definition_id = 'only'"))?.Contains(Busy, StringComparison.Ordinal) == true);
        (await StartedAsync("only")).ShouldBe(1);
        using var http = App.Client();
        using var studio = new StudioClient(http);
        var shown = await studio.GetAsync("/workflow-definitions/only/triggers");
        shown["items"]![0]!["payload"]!["EventName"]!.ToString().ShouldBe("reply");
        shown["refused"]!.AsArray().ShouldHaveSingleItem()!["reason"]!.ToString().ShouldContain(Busy);
    }

    [Fact]
    public async Task A_timer_whose_workflow_still_runs_keeps_the_last_refusal()
    {
        await PublishAsync(Only("only", Graphs.Trigger("t", "Elsa.Timer", "interval", "01:00:00"), Graphs.Event("e", "go-on")));
        for (var hour = 0; hour < 4; hour++)
        {
            var before = await Db.ScalarAsync<DateTime>("select max(created_at) from workflow_starts");
            await Db.ShiftClockAsync(TimeSpan.FromHours(1));
            await Eventually.Be(async () => hour == 0 ? await StartedAsync("only") == 1 : await Db.ScalarAsync<DateTime>("select max(created_at) from workflow_starts where refused is not null") > before);
        }
        (await Db.ScalarAsync<long>("select count(*) from workflow_starts")).ShouldBe(1);
    }

    [Fact]
    public async Task A_faulted_run_is_not_retried_beside_another_and_says_so()
    {
        var fault = Graphs.Box("f", "Elsa.Fault", "message", "broken");
        await PublishAsync(Only("only", fault));
        using var http = App.Client();
        var faulted = await ExecuteAsync(http);
        var id = faulted.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        await PublishAsync(Only("only", Graphs.Event("e", "go-on")));
        (await ExecuteAsync(http)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var studio = new StudioClient(http);
        (await RetryAsync(studio, id)).ShouldContain("Another run has begun meanwhile");
        await SendAsync("go-on");
        await Eventually.Be(async () => await FinishedAsync("only") == 1);
        (await RetryAsync(studio, id)).ShouldContain("scheduled again");
    }

    [Fact]
    public async Task A_retry_whose_node_died_gives_the_key_back()
    {
        await PublishAsync(Only("only", Graphs.Box("f", "Elsa.Fault", "message", "broken")));
        using var http = App.Client();
        var id = Guid.Parse((await ExecuteAsync(http)).Headers.GetValues("x-elsa-workflow-instance-id").Single());
        var dying = new PostgresWorkflowStore(Db.DataSource, new LeadSens.Server.Data.NodeIdentity(), new HeldLeases());
        (await dying.ReviveAsync(id, CancellationToken.None)).Instance.ShouldNotBeNull();
        (await ExecuteAsync(http)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        await App.Services.GetRequiredService<Leases>().FreeActivationsAsync(CancellationToken.None);
        (await ExecuteAsync(http)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Dispatch_refuses_a_second_run_and_repeats_the_first()
    {
        await PublishAsync(Only("only", Graphs.Event("e", "go-on")));
        using var http = App.Client();
        using var studio = new StudioClient(http);
        var id = Guid.CreateVersion7();
        var request = new JsonObject { ["instanceId"] = id, ["correlationId"] = "order-7" };
        for (var again = 0; again < 2; again++)
            (await studio.PostAsync("/workflow-definitions/only/dispatch", request.DeepClone()))["workflowInstanceId"]!.GetValue<Guid>().ShouldBe(id);
        (await studio.RefusedAsync("/workflow-definitions/only/dispatch", null)).ShouldContain(Busy);
        (await studio.RefusedAsync("/workflow-definitions/only/bulk-dispatch", new JsonObject { ["count"] = 2 })).ShouldContain(Busy);
        (await Db.ListAsync<string>("select correlation_id from workflow_instances where definition_id = 'only'")).ShouldBe(["order-7"]);
    }

    private static string Only(string definition, params JsonObject[] boxes)
    {
        var json = JsonNode.Parse(Graphs.Line(definition, boxes))!.AsObject();
        json["options"] = new JsonObject { ["activationStrategyType"] = "Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime" };
        return json.ToJsonString();
    }

    private static Task<HttpResponseMessage> ExecuteAsync(HttpClient http) => http.PostAsJsonAsync("/elsa/api/workflow-definitions/only/execute", new { });

    private static async Task<string> RetryAsync(StudioClient studio, string id) =>
        (await studio.PostAsync("/alterations/workflows/retry", new JsonObject { ["workflowInstanceIds"] = new JsonArray(id) }))["results"]![0]!["log"]!["logEntries"]![0]!["message"]!.ToString();
}
