using System.Text.Json.Nodes;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Studio;

/// <summary>The "Test" tab: one box, tried without effects.</summary>
[Collection(typeof(StudioTests))]
public sealed class TestActivityTests(StudioApp app)
{
    [Fact]
    public async Task A_box_is_run_with_its_inputs_and_the_variables_around_it()
    {
        var test = await TryAsync("script", Box("script", "Elsa.RunJavaScript", ("script", Literal("return getVariable('Who') + '!'"))));

        ((string?)test["status"]).ShouldBe("Completed");
        ((string?)test["outputs"]!["Result"]).ShouldBe("Ada!");
        ((string?)test["payload"]!["Outcomes"]![0]).ShouldBe("Done");
        test["exception"].ShouldBeNull();
    }

    [Fact]
    public async Task Its_outcome_is_shown()
    {
        var test = await TryAsync("decide", Box("decide", "Elsa.FlowDecision", ("condition", Js("getVariable('Who') == 'Ada'"))));

        ((string?)test["payload"]!["Outcomes"]![0]).ShouldBe("True");
    }

    [Fact]
    public async Task A_box_that_waits_says_for_what()
    {
        var test = await TryAsync("wait", Box("wait", "Elsa.Event", ("eventName", Literal("Paid"))));

        ((string?)test["status"]).ShouldBe("Running");
        ((string?)test["payload"]!["WaitsFor"]).ShouldBe("Event 'Paid'");
    }

    [Fact]
    public async Task A_broken_expression_is_told()
    {
        var test = await TryAsync("script", Box("script", "Elsa.RunJavaScript", ("script", Literal("return nobody.name"))));

        ((string?)test["status"]).ShouldBe("Faulted");
        ((string?)test["exception"]!["message"]).ShouldNotBeNull().ShouldContain("nobody");
    }

    [Fact]
    public async Task A_box_that_does_not_end_is_stopped()
    {
        var test = await TryAsync("loop", Box("loop", "Elsa.While", ("condition", Literal(true)), ("body", WriteLine("inside"))));

        ((string?)test["exception"]!["message"]).ShouldNotBeNull().ShouldContain("5 seconds");
    }

    [Theory]
    [InlineData("Elsa.FlowSendHttpRequest", "url", "http://example.com/"), InlineData("Elsa.PublishEvent", "eventName", "Paid"), InlineData("Elsa.RunTask", "taskName", "Pay")]
    [InlineData("Elsa.DispatchWorkflow", "workflowDefinitionId", "campaign"), InlineData("Elsa.WriteHttpResponse", "content", "hello"), InlineData("LeadSens.ScoreLeads", "campaignId", "0198f0c0-0000-7000-8000-000000000001"), InlineData("LeadSens.PushToInstantly", "campaignId", "0198f0c0-0000-7000-8000-000000000001")]
    public async Task A_box_that_acts_outside_does_not_and_says_so(string type, string input, string value)
    {
        var before = await CountAsync();

        var test = await TryAsync("acts", Box("acts", type, (input, Literal(value))));

        ((string?)test["status"]).ShouldBe("Faulted", test.ToJsonString());
        ((string?)test["exception"]!["message"]).ShouldNotBeNull().ShouldContain("a test does not do that");
        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        using var studio = await app.WorkspaceAsync();
        var made = await studio.SaveAsync(Draft.Line("Try", Draft.WriteLine("hello", "x")));

        using var noBox = await studio.SendAsync("/tests/activities", Handle(made.DefinitionId(), "nobody"));
        using var noFlow = await studio.SendAsync("/tests/activities", Handle("nothing", "hello"));

        (noBox.StatusCode, noFlow.StatusCode).ShouldBe((System.Net.HttpStatusCode.NotFound, System.Net.HttpStatusCode.NotFound));
    }

    private async Task<JsonNode> TryAsync(string id, JsonObject box)
    {
        using var studio = await app.WorkspaceAsync();
        var draft = Draft.Line("Try", Draft.WriteLine("before", "x"), box);
        draft["root"]!["variables"] = new JsonArray(new JsonObject { ["id"] = "who", ["name"] = "Who", ["typeName"] = "String", ["value"] = "Ada" });
        var made = await studio.SaveAsync(draft);
        return await studio.PostAsync("/tests/activities", Handle(made.DefinitionId(), id));
    }

    private static JsonObject Handle(string definitionId, string activityId) => new()
    {
        ["workflowDefinitionHandle"] = new JsonObject { ["definitionId"] = definitionId, ["versionOptions"] = "Latest" }, ["activityHandle"] = new JsonObject { ["activityId"] = activityId },
    };

    private Task<long> CountAsync() => app.Db.ScalarAsync<long>("select (select count(*) from workflow_instances) + (select count(*) from stimuli) + (select count(*) from jobs) + (select count(*) from workflow_bookmarks)");
}
