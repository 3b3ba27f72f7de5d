using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>What one workspace may ask of all: endless loops that were dispatched in bulk.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private const int Loops = 40;
    private const int Budget = 1_000;
    private const int Depth = 6;
    private const int Descendants = 30;
    private TestApp _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await TestApp.StartAsync(settings: [("Workflows:RunActivities", $"{Budget}"), ("Workflows:StartsPerMinute", "1000"), ("Workflows:RunDepth", $"{Depth}"), ("Workflows:RunDescendants", $"{Descendants}")]);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Endless_loops_stop_with_an_incident_and_too_many_starts_are_refused()
    {
        var customer = Guid.CreateVersion7();
        await PublishAsync(DemoWorkspace.Id, Endless());
        await PublishAsync(customer, Graphs.Line("short", Graphs.WriteLine("a", "x")));
        using var http = _app.Client();
        (await DispatchAsync(http, Loops)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await DispatchAsync(http, 1_000);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await _app.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = 'endless'")).ShouldBe(Loops, "all of them or none");
        var started = await _app.Services.GetRequiredService<WorkflowService>().StartAsync("short", customer, null, null, Guid.CreateVersion7(), CancellationToken.None);
        started.Run!.Status.ShouldBe(Engine.WorkflowStatus.Finished);
        await Eventually.Be(async () => await StoppedAsync() == Loops, TimeSpan.FromMinutes(1));
        (await LinesAsync()).ShouldBeLessThan(Loops * ((2 * Budget) + 10));
        var one = await _app.Database.ScalarAsync<Guid>("select id from workflow_instances where definition_id = 'endless' limit 1");
        var before = await LinesAsync(one);
        using var retried = await http.PostAsJsonAsync("/elsa/api/alterations/workflows/retry", new { workflowInstanceIds = new[] { one } });
        (await retried.Content.ReadAsStringAsync()).ShouldContain("scheduled again");
        await Eventually.Be(async () => await StoppedAsync() == Loops && await LinesAsync(one) > before + Budget);
        (await _app.Database.ScalarAsync<long>("select count(*) from audit_entries where action = 'instance.retried' and subject_id = $1", one.ToString())).ShouldBe(1);
    }

    [Fact]
    public async Task Runs_that_start_runs_without_end_stop_with_an_incident_that_a_person_lifts()
    {
        await PublishAsync(DemoWorkspace.Id, Graphs.Line("chain", Graphs.Box("next", "Elsa.DispatchWorkflow", "workflowDefinitionId", "chain")));
        var bulk = Graphs.Box("all", "Elsa.BulkDispatchWorkflows", "workflowDefinitionId", "tree");
        bulk["items"] = new JsonObject { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = "[1,2]" } };
        bulk["waitForCompletion"] = new JsonObject { ["typeName"] = "Boolean", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = "false" } };
        await PublishAsync(DemoWorkspace.Id, Graphs.Line("tree", bulk));
        using var http = _app.Client();

        (await http.PostAsJsonAsync("/elsa/api/workflow-definitions/chain/dispatch", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await StandsAsync("chain", Depth + 1);
        var last = await _app.Database.ScalarAsync<Guid>("select id from workflow_instances where definition_id = 'chain' and incident_count = 1");
        var waits = await http.GetFromJsonAsync<JsonElement>($"/api/workflow-instances/{last}/waits");
        waits.GetProperty("faults")[0].GetProperty("message").GetString()!.ShouldContain($"{Depth} runs have started one another in a row");
        using var retried = await http.PostAsJsonAsync("/elsa/api/alterations/workflows/retry", new { workflowInstanceIds = new[] { last } });
        (await retried.Content.ReadAsStringAsync()).ShouldContain("scheduled again");
        await StandsAsync("chain", (2 * Depth) + 1);

        (await http.PostAsJsonAsync("/elsa/api/workflow-definitions/tree/dispatch", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await StandsAsync("tree", null);
        (await CountAsync("tree")).ShouldBeInRange(Descendants - 1, 2 * Descendants, "those that were started at the same moment do not see each other");
        (await _app.Database.ScalarAsync<long>("select count(*) from workflow_journal where event_name = 'Faulted' and activity_id = 'all' and message like $1", $"%: {Descendants} runs.%")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_one_node_starts_counts_on_the_others()
    {
        var quotas = Enumerable.Range(0, 3).Select(_ => new StartQuota(
            _app.Services.GetRequiredService<Database>(), new NodeIdentity(), _app.Services.GetRequiredService<IOptions<WorkflowOptions>>(), TimeProvider.System)).ToArray();
        using var scope = DatabaseScope.Work(DemoWorkspace.Id);
        foreach (var quota in quotas[..2]) (await quota.RefusalAsync(DemoWorkspace.Id, 450, CancellationToken.None)).ShouldBeNull();
        (await quotas[2].RefusalAsync(DemoWorkspace.Id, 450, CancellationToken.None)).ShouldNotBeNull("1,000 at once, on all nodes together");
        (await quotas[2].RefusalAsync(DemoWorkspace.Id, 60, CancellationToken.None)).ShouldBeNull();
        (await _app.Database.ScalarAsync<long>("select sum(starts) from workflow_start_counts")).ShouldBe(960);
    }

    /// <summary>Nothing goes on any more, and something was stopped.</summary>
    private Task StandsAsync(string definition, int? runs) => Eventually.Be(
        async () => (runs is null || await CountAsync(definition) == runs)
            && await _app.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = $1 and (runnable or claim_token is not null)", definition) == 0
            && await _app.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = $1 and sub_status = 'Suspended' and incident_count = 1", definition) > 0,
        TimeSpan.FromSeconds(30));

    private Task<long> CountAsync(string definition) => _app.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = $1", definition);

    private static string Endless()
    {
        var loop = Graphs.Box("loop", "Elsa.While", "condition", "true");
        loop["condition"]!["typeName"] = "Boolean";
        loop["body"] = Graphs.WriteLine("a", "x");
        return Graphs.Line("endless", loop);
    }

    private async Task PublishAsync(Guid workspace, string json) =>
        (await _app.Services.GetRequiredService<DefinitionStore>().SaveAsync(workspace, json, publish: true, CancellationToken.None)).Errors.ShouldBeEmpty();

    private static Task<HttpResponseMessage> DispatchAsync(HttpClient http, int count) =>
        http.PostAsJsonAsync("/elsa/api/workflow-definitions/endless/bulk-dispatch", new { count });

    private Task<long> StoppedAsync() => _app.Database.ScalarAsync<long>(
        "select count(*) from workflow_instances where definition_id = 'endless' and sub_status = 'Suspended' and incident_count = 1 and claim_token is null");

    /// <summary>Of one run, or of all.</summary>
    private Task<long> LinesAsync(Guid? id = null) => _app.Database.ScalarAsync<long>("""
        select coalesce(sum(jsonb_array_length(convert_from(b.entries, 'UTF8')::jsonb -> 'e')), 0)::bigint
        from workflow_instances i join workflow_bursts b on b.instance_id = i.id where i.definition_id = 'endless' and ($1::uuid is null or i.id = $1)
        """, id);
}
