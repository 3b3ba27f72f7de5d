using System.Net;
using System.Net.Http.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>What one workspace may ask of all: endless loops that were dispatched in bulk.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private const int Loops = 40;
    private const int Budget = 1_000;
    private TestApp _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await TestApp.StartAsync(settings: [("Workflows:RunActivities", $"{Budget}"), ("Workflows:StartsPerMinute", "1000")]);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Endless_loops_stop_with_an_incident_and_too_many_starts_are_refused()
    {
        var customer = Guid.CreateVersion7();
        await PublishAsync(DemoWorkspace.Id, Endless());
        await PublishAsync(customer, Graphs.Line("short", Graphs.WriteLine("a", "x")));
        using var http = _app.Client();
        (await DispatchAsync(http, Loops)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var started = await _app.Services.GetRequiredService<WorkflowService>().StartAsync("short", customer, null, null, Guid.CreateVersion7(), CancellationToken.None);
        started.Run!.Status.ShouldBe(Engine.WorkflowStatus.Finished);
        await Eventually.Be(async () => await StoppedAsync() == Loops, TimeSpan.FromMinutes(1));
        (await LinesAsync()).ShouldBeLessThan(Loops * ((2 * Budget) + 10));

        using var refused = await DispatchAsync(http, 1_000);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await _app.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = 'endless'")).ShouldBe(Loops, "all of them or none");

        var one = await _app.Database.ScalarAsync<Guid>("select id from workflow_instances where definition_id = 'endless' limit 1");
        var before = await LinesAsync(one);
        using var retried = await http.PostAsJsonAsync("/elsa/api/alterations/workflows/retry", new { workflowInstanceIds = new[] { one } });
        (await retried.Content.ReadAsStringAsync()).ShouldContain("scheduled again");
        await Eventually.Be(async () => await StoppedAsync() == Loops && await LinesAsync(one) > before + Budget);
        (await _app.Database.ScalarAsync<long>("select count(*) from audit_entries where action = 'instance.retried' and subject_id = $1", one.ToString())).ShouldBe(1);
    }

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
