using System.Net;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class PaletteTests(StudioApp app)
{
    [Fact]
    public async Task Every_activity_has_what_the_toolbox_needs()
    {
        using var studio = await app.WorkspaceAsync();

        var list = await studio.GetAsync("/descriptors/activities?Refresh=True");

        var types = list["items"]!.AsArray();
        list["count"]!.GetValue<int>().ShouldBe(types.Count);
        types.Count.ShouldBeGreaterThan(40);
        foreach (var type in types.Select(type => type!.AsObject()))
        {
            foreach (var name in new[] { "typeName", "namespace", "name", "category", "displayName", "kind" }) ((string?)type[name]).ShouldNotBeNullOrEmpty(type.ToJsonString());
            type["customProperties"].ShouldNotBeNull();
            type["constructionProperties"].ShouldNotBeNull();
            foreach (var input in type["inputs"]!.AsArray()) ((string?)input!["uiHint"]).ShouldNotBeNullOrEmpty($"{type["typeName"]}: {input}");
        }
        types.Select(type => (string)type!["displayName"]!).ShouldBeUnique();
    }

    [Theory]
    [InlineData("Elsa.Flowchart", true, false)]
    [InlineData("Elsa.Workflow", true, false)]
    [InlineData("Elsa.NotFoundActivity", false, false)]
    [InlineData("Elsa.Sequence", true, false)]
    [InlineData("Elsa.If", false, true)]
    public async Task Containers_and_hidden_types_are_listed_as_such(string name, bool isContainer, bool isBrowsable)
    {
        var type = await TypeAsync(name);

        type["isContainer"]!.GetValue<bool>().ShouldBe(isContainer);
        type["isBrowsable"]!.GetValue<bool>().ShouldBe(isBrowsable);
    }

    [Fact]
    public async Task Outcomes_are_flow_ports_and_slots_are_embedded_ones()
    {
        Ports(await TypeAsync("LeadSens.FilterLeads")).ShouldBe(["Qualified Flow", "NoneQualified Flow"]);
        Ports(await TypeAsync("Elsa.If")).ShouldBe(["Then Embedded", "Else Embedded", "Done Flow"]);
    }

    [Fact]
    public async Task Inputs_carry_their_control_default_and_syntax()
    {
        var threshold = Input(await TypeAsync("LeadSens.FilterLeads"), "Threshold");
        threshold["typeName"]!.GetValue<string>().ShouldBe("Int32");
        threshold["defaultValue"]!.GetValue<int>().ShouldBe(5);
        threshold["isWrapped"]!.GetValue<bool>().ShouldBeTrue();
        var mode = Input(await TypeAsync("Elsa.FlowJoin"), "Mode");
        mode["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(item => (string)item!["value"]!).ShouldBe(["WaitAny", "WaitAll", "WaitAllActive"]);
        var script = Input(await TypeAsync("Elsa.RunJavaScript"), "Script");
        script["uiSpecifications"]!["code-editor"]!["language"]!.GetValue<string>().ShouldBe("javascript");
        script["defaultSyntax"]!.GetValue<string>().ShouldBe("JavaScript");
        Input(await TypeAsync("Elsa.FlowSwitch"), "Cases")["isWrapped"]!.GetValue<bool>().ShouldBeFalse();
        Input(await TypeAsync("Elsa.Delay"), "TimeSpan")["defaultValue"]!.GetValue<string>().ShouldBe("00:01:00");
        (await TypeAsync("Elsa.Event"))["kind"]!.GetValue<string>().ShouldBe("Trigger");
        (await TypeAsync("LeadSens.RequestApproval"))["kind"]!.GetValue<string>().ShouldNotBe("Trigger");
    }

    [Fact]
    public async Task Choices_can_be_asked_for_again()
    {
        using var studio = await app.WorkspaceAsync();

        var answer = await studio.PostAsync("/descriptors/activities/Elsa.FlowJoin/options/mode", new JsonObject { ["context"] = new JsonObject() });

        answer["items"]!["dropdown"]!["selectList"].ShouldNotBeNull();
        (await studio.SendAsync("/descriptors/activities/Elsa.FlowJoin/options/none", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_key_is_taken_from_either_header_and_needed()
    {
        using var own = app.App.Client(ApiKeys.DevelopmentKey);
        using var nobody = app.App.Client("");

        (await own.GetAsync("/elsa/api/descriptors/activities")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await nobody.GetAsync("/elsa/api/descriptors/activities")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<JsonNode> TypeAsync(string name)
    {
        using var studio = await app.WorkspaceAsync();
        return await studio.GetAsync($"/descriptors/activities/{name}");
    }

    private static IEnumerable<string> Ports(JsonNode type) => type["ports"]!.AsArray().Select(port => $"{port!["name"]} {port["type"]}");

    private static JsonNode Input(JsonNode type, string name) => type["inputs"]!.AsArray().Single(input => (string?)input!["name"] == name)!;
}
