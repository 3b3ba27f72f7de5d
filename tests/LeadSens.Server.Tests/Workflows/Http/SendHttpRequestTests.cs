using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Workflows.Http;

/// <summary>The two boxes that send requests, in runs of the real app.</summary>
public sealed class SendHttpRequestTests(SendHttpRequestTests.Host host) : IClassFixture<SendHttpRequestTests.Host>
{
    private TestApp App => host.App;

    [Theory]
    [InlineData(200, "200"), InlineData(404, "404"), InlineData(500, "other")]
    public async Task The_flow_goes_the_way_of_the_status_and_always_the_way_of_done(int status, string way)
    {
        await using var server = await ScriptedProvider.AnsweringAsync(status, """{"name":"Ada"}""");

        var run = await App.RunAsync(Ways(server.Url));

        (await App.WroteAsync(run)).Split(' ').ShouldBe([way, "done"], ignoreOrder: true);
        (await App.VariableAsync(run, "Result")).GetProperty("name").GetString().ShouldBe("Ada");
        (await App.VariableAsync(run, "Parsed")).GetProperty("name").GetString().ShouldBe("Ada");
        (await App.VariableAsync(run, "Status")).GetInt32().ShouldBe(status);
        (await App.VariableAsync(run, "Headers")).GetProperty("Content-Type")[0].GetString().ShouldBe("application/json");
    }

    [Fact]
    public async Task Nobody_there_and_no_answer_have_ways_of_their_own()
    {
        await using var silent = await ScriptedProvider.SilentAsync();

        (await App.WroteAsync(await App.RunAsync(Ways("http://127.0.0.1:9/")))).ShouldBe("lost");
        (await App.WroteAsync(await App.RunAsync(Ways(silent.Url)))).ShouldBe("late");
    }

    [Theory]
    [InlineData(200, "case after"), InlineData(201, "after"), InlineData(404, "unmatched after")]
    public async Task The_box_with_slots_runs_what_stands_in_the_one_that_fits(int status, string wrote)
    {
        await using var server = await ScriptedProvider.AnsweringAsync(status, "ok", "text/plain");

        (await App.WroteAsync(await App.RunAsync(Slots(server.Url)))).ShouldBe(wrote);
    }

    [Fact]
    public async Task The_box_with_slots_runs_what_stands_for_nobody_there_and_for_no_answer()
    {
        await using var silent = await ScriptedProvider.SilentAsync();

        (await App.WroteAsync(await App.RunAsync(Slots("http://127.0.0.1:9/")))).ShouldBe("lost after");
        (await App.WroteAsync(await App.RunAsync(Slots(silent.Url)))).ShouldBe("late after");
    }

    [Theory]
    [InlineData("'hello'", null, "hello", "text/plain")]
    [InlineData("({ a: [1, 'b'] })", null, """{"a":[1,"b"]}""", "application/json")]
    [InlineData("'{\"a\":1}'", null, """{"a":1}""", "application/json")]
    [InlineData("'<a/>'", "application/xml", "<a/>", "application/xml")]
    [InlineData("({ name: 'Ada L', tag: ['a', 'b'] })", "application/x-www-form-urlencoded", "name=Ada%20L&tag=a&tag=b", "application/x-www-form-urlencoded")]
    public async Task What_an_expression_gives_becomes_the_body(string expression, string? type, string body, string sentType)
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, "");

        await App.RunAsync(Flow("body", "", [Box("send", "Elsa.FlowSendHttpRequest",
            ("url", Js($"'{server.Url}/' + 'orders'")), ("method", Literal("PATCH")), ("content", Js(expression)), ("contentType", type is null ? null : Literal(type)),
            ("requestHeaders", Literal("""{"X-A":"1","X-B":["2","3"]}""")), ("authorization", Literal("Bearer t")))]));

        var call = server.Calls.ShouldHaveSingleItem();
        (call.Method, call.Target, call.Body, call.Headers["Content-Type"]).ShouldBe(("PATCH", "/orders", body, sentType));
        (call.Headers["X-A"], call.Headers["X-B"], call.Headers["Authorization"]).ShouldBe(("1", "2, 3", "Bearer t"));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/", "http_address_refused")]
    [InlineData("http://[::1]:1/", "http_address_refused")]
    [InlineData("file:///etc/passwd", "http_request_invalid")]
    [InlineData("", "http_request_invalid")]
    public async Task A_request_that_is_not_allowed_is_an_incident_that_names_the_box(string url, string code)
    {
        var run = await App.InstanceAsync(await App.RunAsync(Ways(url)));

        run.GetProperty("subStatus").GetString().ShouldBe("Faulted");
        var fault = run.GetProperty("workflowState").GetProperty("incidents")[0].GetProperty("exception");
        fault.GetProperty("type").GetString().ShouldBe(code);
        fault.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("box 'send'");
    }

    [Fact]
    public async Task A_post_that_is_repeated_after_its_node_was_lost_carries_the_same_key()
    {
        var lost = false;
        await using var server = await ScriptedProvider.StartAsync(async context =>
        {
            if (!lost) await App.Database.ExecuteAsync("update workflow_instances set claim_token = null, lease_node = null, lease_until = null where definition_id = 'repeated'");
            lost = true;
            await context.Response.WriteAsync("ok");
        });

        var run = await App.RunAsync(Flow("repeated", "a->send;send->b", [WriteLine("a"), Box("send", "Elsa.FlowSendHttpRequest", ("url", Literal(server.Url)), ("method", Literal("POST"))), WriteLine("b")]));
        App.Services.GetRequiredService<WorkflowSignal>().Wake();
        await Eventually.Be(async () => await App.StatusAsync(run) == "Finished");

        (await App.WroteAsync(run)).ShouldBe("a b");
        server.Calls.Count.ShouldBe(2);
        server.Calls.Select(call => call.Headers["Idempotency-Key"]).Distinct().ShouldHaveSingleItem().ShouldStartWith(run.ToString("N"));
    }

    [Fact]
    public async Task No_transaction_is_open_while_a_request_is_under_way()
    {
        var quiet = false;
        await using var server = await ScriptedProvider.StartAsync(async context =>
        {
            // Loops of the Server have short ones; one that the box held would stay open until the answer.
            await Eventually.Be(async () => await App.Database.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'") == 0);
            quiet = true;
            await context.Response.WriteAsync("ok");
        });

        await App.RunAsync(Flow("quiet", "a->send", [WriteLine("a"), Box("send", "Elsa.FlowSendHttpRequest", ("url", Literal(server.Url)))]));

        quiet.ShouldBeTrue();
    }

    private static JsonObject Ways(string url) => Flow(
        "ways", "send.200->200;send.404->404;send.Unmatched status code->other;send.Failed to connect->lost;send.Timeout->late;send->done",
        [
            Box("send", "Elsa.FlowSendHttpRequest", ("url", Literal(url)), ("expectedStatusCodes", Json("[200, \"404\"]")), ("result", Into("Result")), ("parsedContent", Into("Parsed")), ("statusCode", Into("Status")), ("responseHeaders", Into("Headers"))),
            WriteLine("200"), WriteLine("404"), WriteLine("other"), WriteLine("lost"), WriteLine("late"), WriteLine("done"),
        ],
        "Result", "Parsed", "Status", "Headers");

    private static JsonObject Slots(string url)
    {
        var cases = new JsonArray(new JsonObject { ["statusCode"] = 200, ["activity"] = WriteLine("case") }, new JsonObject { ["statusCode"] = 201, ["activity"] = null });
        return Flow("slots", "send->after",
        [
            Box("send", "Elsa.SendHttpRequest", ("url", Literal(url)), ("expectedStatusCodes", cases), ("unmatchedStatusCode", WriteLine("unmatched")), ("failedToConnect", WriteLine("lost")), ("timeout", WriteLine("late"))),
            WriteLine("after"),
        ]);
    }

    /// <summary>An app that may call this machine, and waits half a second for an answer.</summary>
    public sealed class Host : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            App = await TestApp.StartAsync(settings: [("Workflows:Http:AllowedNetworks:0", "127.0.0.1/32"), ("Workflows:Http:TimeoutSeconds", "0.5")]);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
