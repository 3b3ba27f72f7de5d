using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class LookupTests(StudioApp app)
{
    [Theory]
    [InlineData("/descriptors/expression-descriptors", "type displayName isSerializable isBrowsable properties")]
    [InlineData("/descriptors/workflow-activation-strategies", "typeName displayName description")]
    [InlineData("/descriptors/incident-strategies", "typeName displayName description")]
    [InlineData("/descriptors/log-persistence-strategies", "typeName displayName description")]
    [InlineData("/descriptors/commit-strategies/workflows", "")]
    [InlineData("/descriptors/commit-strategies/activities", "")]
    [InlineData("/descriptors/storage-drivers", "typeName displayName priority deprecated")]
    [InlineData("/descriptors/variables", "typeName displayName category description")]
    [InlineData("/descriptors/output-converters?sourceType=String&destinationType=Int32", "")]
    [InlineData("/features/installed", "")]
    [InlineData("/workflow-contexts/provider-descriptors", "")]
    [InlineData("/resilience/strategies?category=HTTP", "")]
    [InlineData("/resilience/retries/any?skip=0&take=10", "")]
    public async Task Every_list_has_items_a_count_and_what_the_editor_reads(string path, string fields)
    {
        using var studio = await app.WorkspaceAsync();

        var list = await studio.GetAsync(path);

        var items = list["items"]!.AsArray();
        list["count"]!.GetValue<int>().ShouldBe(items.Count);
        if (fields.Length > 0) items.ShouldNotBeEmpty();
        foreach (var item in items.Select(item => item!.AsObject()))
        foreach (var field in fields.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            item.ContainsKey(field).ShouldBeTrue($"{path} {field}: {item}");
    }

    [Fact]
    public async Task Expressions_name_their_editor_and_hide_what_nobody_picks()
    {
        using var studio = await app.WorkspaceAsync();

        var byType = (await studio.GetAsync("/descriptors/expression-descriptors"))["items"]!.AsArray().ToDictionary(item => (string)item!["type"]!, item => item!);

        byType.Keys.ShouldBe(["Literal", "Object", "Variable", "Input", "JavaScript"]);
        byType["Literal"]["isBrowsable"]!.GetValue<bool>().ShouldBeFalse();
        byType["JavaScript"]["properties"]!["MonacoLanguage"]!.GetValue<string>().ShouldBe("javascript");
        byType["Object"]["properties"]!["MonacoLanguage"]!.GetValue<string>().ShouldBe("json");
    }

    [Fact]
    public async Task The_version_is_that_of_the_contract()
    {
        using var studio = await app.WorkspaceAsync();

        ((string?)(await studio.GetAsync("/package/version"))["packageVersion"]).ShouldBe("3.8.2.0");
    }

    [Fact]
    public async Task Every_activation_strategy_that_is_offered_can_be_published()
    {
        using var studio = await app.WorkspaceAsync();
        var offered = (await studio.GetAsync("/descriptors/workflow-activation-strategies"))["items"]!.AsArray().Select(strategy => (string)strategy!["typeName"]!).ToList();
        offered.Count.ShouldBe(4);
        foreach (var strategy in offered)
        {
            var draft = Draft.Line("Once", Draft.WriteLine("w", "x"));
            draft["options"] = new JsonObject { ["activationStrategyType"] = strategy };
            (await studio.SaveAsync(draft, publish: true))["options"]!["activationStrategyType"]!.ToString().ShouldBe(strategy);
        }
    }
}
