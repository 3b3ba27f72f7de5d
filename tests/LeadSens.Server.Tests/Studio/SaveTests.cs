using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class SaveTests(StudioApp app)
{
    [Fact]
    public async Task A_new_workflow_comes_back_with_everything_the_editor_needs()
    {
        using var studio = await app.WorkspaceAsync();
        var root = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1" };

        var made = await studio.SaveAsync(new JsonObject { ["name"] = "New", ["variables"] = null, ["options"] = null, ["customProperties"] = null, ["root"] = root });

        foreach (var name in new[] { "options", "variables", "inputs", "outputs", "outcomes", "customProperties", "links" }) made[name].ShouldNotBeNull(name);
        ((string?)made["root"]!["nodeId"]).ShouldBe("Workflow1:Flowchart1");
        Rels(made).ShouldContain("publish");
        JsonNode.DeepEquals(Draft.Content(await studio.OpenAsync(made.DefinitionId())), Draft.Content(made)).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_box_has_its_path_also_in_slots_and_cases()
    {
        using var studio = await app.WorkspaceAsync();
        var chosen = new JsonObject
        {
            ["id"] = "pick", ["type"] = "Elsa.Switch", ["version"] = 1,
            ["cases"] = new JsonArray(new JsonObject { ["label"] = "Hot", ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = "true" }, ["activity"] = Draft.WriteLine("inner", "x") }),
        };
        var loop = new JsonObject { ["id"] = "loop", ["type"] = "Elsa.While", ["version"] = 1, ["body"] = Draft.Line("", chosen)["root"]!.DeepClone() };
        loop["body"]!["id"] = "Nested";

        var made = await studio.SaveAsync(Draft.Line("Deep", loop));

        var inner = made["root"]!["activities"]![0]!["body"]!["activities"]![0]!["cases"]![0]!["activity"]!;
        ((string?)inner["nodeId"]).ShouldBe("Workflow1:Flowchart1:loop:Nested:pick:inner");
        var path = await studio.GetAsync($"/workflow-definitions/subgraph/segments/{made.Id()}?childNodeId=Workflow1:Flowchart1:loop:Nested:pick:inner");
        path["pathSegments"]!.AsArray().Select(segment => $"{segment!["activityId"]}/{segment["portName"]}").ShouldBe(["loop/Body", "pick/Hot"]);
        var part = await studio.GetAsync($"/workflow-definitions/subgraph/{made.Id()}?parentNodeId=Workflow1:Flowchart1:loop");
        ((string?)part["children"]![0]!["nodeId"]).ShouldBe("Workflow1:Flowchart1:loop:Nested");
    }

    [Fact]
    public async Task Somebody_elses_save_is_not_overwritten_and_the_editor_is_told()
    {
        using var studio = await app.WorkspaceAsync();
        var id = (await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")))).DefinitionId();
        var (mine, theirs) = (await studio.OpenAsync(id), await studio.OpenAsync(id));

        await studio.SaveAsync(theirs.Writing("theirs"));
        var told = await studio.RefusedAsync("/workflow-definitions", Draft.Request(mine.Writing("mine")));

        told.ShouldContain("Somebody else saved this workflow");
        ((string?)(await studio.OpenAsync(id))["root"]!["activities"]![0]!["text"]!["expression"]!["value"]).ShouldBe("theirs");
    }

    [Fact]
    public async Task An_editor_of_a_deleted_workflow_is_told()
    {
        using var studio = await app.WorkspaceAsync();
        var opened = await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")));
        await studio.Http.DeleteAsync($"/elsa/api/workflow-definitions/{opened.DefinitionId()}");

        (await studio.RefusedAsync("/workflow-definitions", Draft.Request(opened))).ShouldContain("deleted");
    }

    [Fact]
    public async Task Of_many_editors_that_save_at_once_one_wins_and_the_others_are_told()
    {
        using var studio = await app.WorkspaceAsync();
        var id = (await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")), publish: true)).DefinitionId();
        var editors = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number => (await studio.OpenAsync(id)).Writing($"editor {number}")));

        var answers = await Task.WhenAll(editors.Select(editor => studio.SendAsync("/workflow-definitions", Draft.Request(editor))));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        foreach (var refused in answers.Where(answer => !answer.IsSuccessStatusCode)) (await StudioClient.RefusalAsync(refused)).ShouldContain("Somebody else");
        (await studio.StateAsync(id)).ShouldBe("2 latest, 1 published");
    }

    [Fact]
    public async Task An_editor_does_not_stand_in_its_own_way()
    {
        using var studio = await app.WorkspaceAsync();
        var id = (await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")))).DefinitionId();
        var opened = await studio.OpenAsync(id);

        await studio.SaveAsync(opened.DeepClone().AsObject().Writing("first"));
        await studio.SaveAsync(opened.DeepClone().AsObject().Writing("second, sent before the answer to the first came"));
        await studio.SaveAsync(opened.DeepClone().AsObject().Writing("second, sent before the answer to the first came"), publish: true);

        (await studio.StateAsync(id)).ShouldBe("1 latest published");
    }

    [Fact]
    public async Task Publishing_with_errors_names_the_boxes_and_a_draft_may_have_them()
    {
        using var studio = await app.WorkspaceAsync();
        var broken = Draft.Line("Broken", Draft.WriteLine("hello", "one"), Draft.Unknown("far"));

        var drafted = await studio.PostAsync("/workflow-definitions", Draft.Request(broken));
        var told = await studio.RefusedAsync("/workflow-definitions", Draft.Request(broken, publish: true));

        drafted["validationErrors"]!.AsArray().ShouldNotBeEmpty();
        told.ShouldContain("'far'");
        told.ShouldContain("Acme.Teleport");
    }

    [Theory]
    [InlineData("{}", "no model")]
    [InlineData("""{"model":{"name":5}}""", "text")]
    [InlineData("""{"model":{"name":"x","root":[]}}""", "root")]
    [InlineData("""{"model":{"definitionId":"../x"}}""", "definitionId")]
    [InlineData("""{"model":{},"model":{}}""", "JSON")]
    [InlineData("[1]", "object")]
    [InlineData("{broken", "JSON")]
    public async Task What_cannot_be_read_is_told_in_Studios_form(string body, string words)
    {
        using var studio = await app.WorkspaceAsync();

        using var answer = await studio.Http.PostAsync("/elsa/api/workflow-definitions", new StringContent(body));

        (await StudioClient.RefusalAsync(answer)).ShouldContain(words);
    }

    [Fact]
    public async Task More_than_2_MB_are_refused_with_the_limit()
    {
        using var studio = await app.WorkspaceAsync();
        var large = Draft.Line("Large", Draft.WriteLine("hello", new string('x', 2 * 1024 * 1024)));

        (await studio.RefusedAsync("/workflow-definitions", Draft.Request(large))).ShouldContain("2 MB");
    }

    private static IEnumerable<string> Rels(JsonNode definition) => definition["links"]!.AsArray().Select(link => (string)link!["rel"]!);
}
