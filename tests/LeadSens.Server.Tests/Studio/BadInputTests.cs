using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Workflows.Http;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Studio;

/// <summary>Definitions and scripts that break things, over HTTP: told with the name of their box, and the next caller is served.</summary>
[Collection(typeof(StudioTests))]
public sealed class BadInputTests(StudioApp app)
{
    public static TheoryData<string, JsonObject> Broken => new()
    {
        { "takes Boolean", Flow("x", "", [Box("bad", "Elsa.FlowDecision", ("condition", Literal("maybe")))]) },
        { "takes TimeSpan", Flow("x", "", [Box("bad", "Elsa.Delay", ("timeSpan", Literal("soon")))]) },
        { "is not JSON", Flow("x", "", [Box("bad", "Elsa.ForEach", ("items", Json("[1,")))]) },
        { "takes", Flow("x", "", [Box("bad", "Elsa.FlowSendHttpRequest", ("expectedStatusCodes", Json("[\"ok\"]")))]) },
        { "no statusCode", Flow("x", "", [Box("bad", "Elsa.SendHttpRequest", ("expectedStatusCodes", new JsonArray(new JsonObject { ["statusCode"] = 9 })))]) },
        { "no list", Flow("x", "", [Box("bad", "Elsa.SendHttpRequest", ("expectedStatusCodes", "all"))]) },
        { "no box", Flow("x", "", [Box("bad", "Elsa.SendHttpRequest", ("timeout", 5))]) },
        { "Two boxes have the id 'bad'", Flow("x", "", [WriteLine("bad"), WriteLine("bad")]) },
        { "nowhere", Flow("x", "bad->nowhere", [WriteLine("bad")]) },
        { "unknown type", Flow("x", "", [Box("bad", "Acme.Teleport")]) },
        { "cron", Flow("x", "", [Box("bad", "Elsa.Cron", ("cronExpression", Literal("99 * * * *")))]) },
        { "cron", Flow("x", "", [Box("bad", "Elsa.Cron", ("cronExpression", Literal("0 98 * * * *")))]) },
        { "cron", Flow("x", "", [Starting(Box("bad", "Elsa.Cron", ("cronExpression", Literal("every day"))))]) },
        { "never comes", Flow("x", "", [Starting(Box("bad", "Elsa.Cron", ("cronExpression", Literal("0 0 0 30 2 *"))))]) },
        { "broken", Flow("x", "", [Box("bad", "Elsa.WriteLine", ("text", Js("if (")))]) },
        { "not supported", Flow("x", "", [Box("bad", "Elsa.WriteLine", ("text", new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "CSharp", ["value"] = "1" } }))]) },
        { "not in scope", Flow("x", "", [Box("bad", "Elsa.WriteLine", ("text", new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Variable", ["value"] = new JsonObject { ["id"] = "v", ["name"] = "v" } } }))]) },
        { "policy", Flow("x", "", [HttpEndpointTests.Endpoint("bad", "p", ("policy", Literal("admins")))]) },
        { "both take GET /workflows/same", Flow("x", "", [HttpEndpointTests.Endpoint("good", "same"), HttpEndpointTests.Endpoint("bad", "SAME")]) },
        { "before there is a run", Flow("x", "", [Starting(HttpEndpointTests.Endpoint("bad", null, ("path", Js("getWorkflowInstanceId()"))))]) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_definition_is_not_published_and_the_error_names_the_box(string words, JsonObject definition)
    {
        using var studio = await app.WorkspaceAsync();

        var told = await studio.RefusedAsync("/workflow-definitions", Draft.Request(Unnamed(definition), publish: true));

        told.ShouldContain(words);
        told.ShouldContain("bad");
        await StillServesAsync(studio);
    }

    [Theory]
    [InlineData("root", "5"), InlineData("root", "{\"type\":5}"), InlineData("root", "{\"id\":\"f\",\"type\":\"Elsa.Flowchart\",\"activities\":{}}"), InlineData("root", "{\"id\":\"f\",\"type\":\"Elsa.Flowchart\",\"activities\":[5,null,[]]}")]
    [InlineData("root", "{\"id\":\"f\",\"type\":\"Elsa.Flowchart\",\"activities\":[],\"connections\":[5,{\"source\":7}]}"), InlineData("variables", "[5,{\"id\":{}}]"), InlineData("inputs", "{\"a\":1}"), InlineData("options", "[]"), InlineData("customProperties", "5")]
    public async Task A_definition_of_the_wrong_shape_breaks_nothing(string property, string value)
    {
        using var studio = await app.WorkspaceAsync();
        var definition = Unnamed(Flow("x", "", [WriteLine("a")]));
        definition[property] = JsonNode.Parse(value);

        foreach (var publish in new[] { false, true })
        {
            using var answer = await studio.SendAsync("/workflow-definitions", Draft.Request(definition, publish));
            ((int)answer.StatusCode).ShouldBeLessThan(500, await answer.Content.ReadAsStringAsync());
        }

        await StillServesAsync(studio);
    }

    [Fact]
    public async Task A_very_large_definition_is_taken_or_told_and_others_are_served_meanwhile()
    {
        using var studio = await app.WorkspaceAsync();
        var watch = Stopwatch.StartNew();

        var large = SendTextAsync(studio, $$$"""{"model":{"name":"large","description":"{{{new string('x', 15 << 17)}}}","root":null},"publish":false}""");
        var tooLarge = SendTextAsync(studio, $$$"""{"model":{"name":"large","description":"{{{new string('x', 2 << 20)}}}" }}""");
        var deep = SendTextAsync(studio, $$$"""{"model":{"name":"deep","root":{{{string.Concat(Enumerable.Repeat("{\"a\":", 100_000))}}}1{{{new string('}', 100_000)}}} }}""");
        await StillServesAsync(studio);

        (await large).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StudioClient.RefusalAsync(await tooLarge)).ShouldContain("2 MB");
        (await StudioClient.RefusalAsync(await deep)).ShouldContain("JSON");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Bombs_of_json_are_told_before_they_cost_anything()
    {
        using var studio = await app.WorkspaceAsync();
        var arrays = $"[{string.Concat(Enumerable.Repeat("[],", 600_000))}[]]";
        var boxes = string.Join(',', Enumerable.Range(0, 5_001).Select(number => $$"""{"id":"b{{number}}","type":"Elsa.WriteLine"}"""));
        var watch = Stopwatch.StartNew();

        foreach (var (root, words) in new[]
        {
            ($$"""{"id":"r","type":"Elsa.Flowchart","x":{{arrays}}}""", "values"), ($$"""{"id":"r","type":"Elsa.Flowchart","activities":[{{boxes}}]}""", "activities"),
            ($$"""{"id":"{{new string('i', 201)}}","type":"Elsa.Flowchart"}""", "id"), ($$"""{"id":"r","type":"Elsa.Flowchart","text":"a\u0000b"}""", "U+0000"), ($$"""{"id":"r","type":"Elsa.Flowchart","text":"\ud83d"}""", "surrogate"),
        })
        {
            (await StudioClient.RefusalAsync(await SendTextAsync(studio, $$"""{"model":{"name":"bomb","root":{{root}}},"publish":true}"""))).ShouldContain(words);
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("var s = 'xxxxxxxxxxxxxxxx'; while (true) s += s;")]
    [InlineData("new Array(4294967295).join('x')")]
    [InlineData("var a = []; for (var i = 0; i < 1000000; i++) a.push('xxxxxxxxxxxxxxxx'); a.join('yyyyyyyyyyyyyyyy')")]
    [InlineData("/(a+)+b/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')")]
    [InlineData("(function f() { return f(); })()")]
    [InlineData("Array.prototype.join = function () { return 'taken over'; }")]
    [InlineData("JSON.stringify = null")]
    [InlineData("getVariable = function () { return 'taken over'; }")]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("importNamespace('System.IO').File.ReadAllText('/etc/passwd')")]
    [InlineData("getVariable.constructor('return this')().process")]
    [InlineData("getVariable('Kept').GetType().Assembly.FullName")]
    [InlineData("require('fs').readFileSync('/etc/passwd')")]
    public async Task A_script_that_breaks_out_is_stopped_at_its_box_and_the_next_one_is_as_before(string script)
    {
        using var studio = await app.WorkspaceAsync();
        var watch = Stopwatch.StartNew();

        foreach (var box in new[] { Box("bad", "Elsa.RunJavaScript", ("script", Literal($"{script}; return 1;"))), Box("bad", "Elsa.WriteLine", ("text", Js(script))) })
        {
            var state = await RunAsync(studio, Flow("x", "bad->after", [box, WriteLine("after")], "Kept"));
            ((string?)state["subStatus"]).ShouldBe("Faulted", script);
            ((string?)state["incidents"]![0]!["activityId"]).ShouldBe("bad");
            ((string?)state["incidents"]![0]!["message"]).ShouldNotBeNullOrEmpty();
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), "each is stopped soon");
        var next = await RunAsync(studio, Flow("y", "", [Box("good", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "Kept", ["name"] = "Kept" }), ("value", Js("[1, 2].join('-') + JSON.stringify({ a: typeof getVariable('Kept') })")))], "Kept"));
        ((string?)next["subStatus"]).ShouldBe("Finished");
        var variables = await studio.GetAsync($"/workflow-instances/{next["id"]}/variables");
        ((string?)variables["items"]![0]!["value"]).ShouldBe("""1-2{"a":"object"}""");
    }

    private static async Task<JsonNode> RunAsync(StudioClient studio, JsonObject definition)
    {
        var made = await studio.SaveAsync(Unnamed(definition), publish: true);
        return (await studio.PostAsync($"/workflow-definitions/{made.DefinitionId()}/execute"))["workflowState"]!;
    }

    /// <summary>A new definition, whatever the test's own name for it.</summary>
    private static JsonObject Unnamed(JsonObject definition)
    {
        var own = definition.DeepClone().AsObject();
        own.Remove("definitionId");
        own.Remove("id");
        return own;
    }

    private static JsonObject Starting(JsonObject box)
    {
        box["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        return box;
    }

    private static Task<HttpResponseMessage> SendTextAsync(StudioClient studio, string json) =>
        studio.Http.PostAsync("/elsa/api/workflow-definitions", new StringContent(json, Encoding.UTF8, "application/json"));

    private static async Task StillServesAsync(StudioClient studio) => (await studio.SaveAsync(Draft.Line("Fine", Draft.WriteLine("hello", "x")), publish: true)).DefinitionId().ShouldNotBeEmpty();
}
