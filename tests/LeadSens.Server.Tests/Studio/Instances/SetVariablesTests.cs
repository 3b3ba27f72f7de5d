using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows.Http;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Studio.Instances;

/// <summary>Variables of a run that waits, set from outside.</summary>
public sealed class SetVariablesTests : IAsyncLifetime
{
    private TestApp app = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        http = app.Client();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_run_that_waits_goes_on_with_what_was_set()
    {
        var run = await app.RunAsync(Waiting());

        var answer = await SetAsync(run, ("Count", 7), ("Who", "Ada"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await app.VariableAsync(run, "Count")).GetInt32().ShouldBe(7);
        (await app.StatusAsync(run)).ShouldBe("Suspended");
        await ContinueAsync(run);
        (await app.VariableAsync(run, "Who")).GetString().ShouldBe("Ada 7");
    }

    [Fact]
    public async Task What_does_not_fit_changes_nothing_and_is_told_by_name()
    {
        var run = await app.RunAsync(Waiting());

        (await StudioClient.RefusalAsync(await SetAsync(run, ("Who", "Ada"), ("Count", "many")))).ShouldBe("The variable 'Count' takes Int32, not the text 'many'.");
        (await StudioClient.RefusalAsync(await SetAsync(run, ("Nobody", 1)))).ShouldContain("no variable 'Nobody'");
        (await StudioClient.RefusalAsync(await http.PostAsJsonAsync($"/elsa/api/workflow-instances/{run}/variables", new { variables = "all" }))).ShouldContain("list");

        (await app.VariableAsync(run, "Who")).ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_run_that_is_under_way_or_has_ended_keeps_its_variables()
    {
        var run = await app.RunAsync(Waiting());
        await app.Database.ExecuteAsync("update workflow_instances set claim_token = gen_random_uuid(), lease_until = clock_now() + interval '1 minute' where id = $1", run);

        (await StudioClient.RefusalAsync(await SetAsync(run, ("Count", 7)))).ShouldContain("runs just now");

        await app.Database.ExecuteAsync("update workflow_instances set claim_token = null where id = $1", run);
        await ContinueAsync(run);
        (await StudioClient.RefusalAsync(await SetAsync(run, ("Count", 7)))).ShouldContain("ended");
        (await SetAsync(Guid.CreateVersion7(), ("Count", 7))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_a_change_and_a_resumption_at_once_both_happen()
    {
        for (var round = 0; round < 5; round++)
        {
            var run = await app.RunAsync(Waiting());

            var setting = SetAsync(run, ("Count", 7));
            await ContinueAsync(run);

            (await app.VariableAsync(run, "Who")).GetString().ShouldBe((await setting).IsSuccessStatusCode ? "null 7" : "null null");
        }
    }

    private Task<HttpResponseMessage> SetAsync(Guid run, params (string Id, JsonNode Value)[] values) => http.PostAsJsonAsync(
        $"/elsa/api/workflow-instances/{run}/variables", new { variables = values.Select(value => new { id = value.Id, value = value.Value }) });

    private async Task ContinueAsync(Guid run)
    {
        (await http.GetAsync($"/workflows/go/{run}")).EnsureSuccessStatusCode();
        await Eventually.Be(async () => await app.StatusAsync(run) == "Finished");
    }

    private static JsonObject Waiting()
    {
        var definition = Flow("waiting", "in->set", [HttpEndpointTests.Endpoint("in", null, ("path", Js("'go/' + getWorkflowInstanceId()"))), Box("set", "Elsa.RunJavaScript", ("script", Literal("setVariable('Who', getVariable('Who') + ' ' + getVariable('Count'))")))], "Who");
        definition["variables"]!.AsArray().Add(new JsonObject { ["id"] = "Count", ["name"] = "Count", ["typeName"] = "Int32" });
        return definition;
    }
}
