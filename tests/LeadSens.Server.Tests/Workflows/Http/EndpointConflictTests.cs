using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Studio;
using static LeadSens.Server.Tests.Workflows.Http.HttpEndpointTests;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Workflows.Http;

/// <summary>One path and method belong to one box: told when a workflow is published, and kept by the database.</summary>
[Collection(typeof(StudioTests))]
public sealed class EndpointConflictTests(StudioApp app)
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("Orders/", "/orders")]
    [InlineData("orders/{id}", "orders/{number}")]
    [InlineData("a/{x}/b", "A/{y}/b")]
    public async Task Two_workflows_on_one_path_are_refused_with_the_names_of_both(string first, string second)
    {
        using var studio = await app.WorkspaceAsync();
        await studio.SaveAsync(Named("First", first), publish: true);

        var told = await studio.RefusedAsync("/workflow-definitions", Draft.Request(Named("Second", second), publish: true));

        told.ShouldContain("'First'");
        told.ShouldContain("'first-in'");
        told.ShouldContain("'second-in'");
        told.ShouldContain("GET /workflows/");
        using var other = await app.WorkspaceAsync();
        await other.SaveAsync(Named("Second", second), publish: true);
    }

    [Fact]
    public async Task Another_method_or_another_path_is_no_conflict()
    {
        using var studio = await app.WorkspaceAsync();
        await studio.SaveAsync(Named("First", "orders"), publish: true);

        await studio.SaveAsync(Named("Second", "orders", """["POST"]"""), publish: true);
        await studio.SaveAsync(Named("Third", "orders/{id}"), publish: true);
        (await studio.RefusedAsync("/workflow-definitions", Draft.Request(Named("Fourth", "orders", """["PUT","POST"]"""), publish: true))).ShouldContain("'Second'");
    }

    [Fact]
    public async Task A_workflow_that_is_published_again_does_not_stand_in_its_own_way()
    {
        using var studio = await app.WorkspaceAsync();
        var made = await studio.SaveAsync(Named("First", "orders"), publish: true);

        made["root"]!["activities"]![0]!["path"]!["expression"]!["value"] = "ORDERS";
        await studio.SaveAsync(made, publish: true);
        await studio.PostAsync($"/workflow-definitions/{made.DefinitionId()}/retract");

        await studio.SaveAsync(Named("Second", "orders"), publish: true);
        (await studio.RefusedAsync($"/workflow-definitions/{made.DefinitionId()}/publish", null)).ShouldContain("'Second'");
    }

    [Fact]
    public async Task Two_boxes_of_one_workflow_on_one_path_are_refused()
    {
        using var studio = await app.WorkspaceAsync();
        var definition = Flow("x", "", [Endpoint("one", "twice/{a}"), Endpoint("two", "twice/{b}")]);
        definition.Remove("definitionId");

        var told = await studio.RefusedAsync("/workflow-definitions", Draft.Request(definition, publish: true));

        told.ShouldContain("'one' and 'two'");
    }

    [Fact]
    public async Task Of_many_that_are_published_at_once_one_gets_the_path()
    {
        using var studio = await app.WorkspaceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => studio.SendAsync("/workflow-definitions", Draft.Request(Named($"Racer{number}", "race"), publish: true))));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        foreach (var refused in answers.Where(answer => !answer.IsSuccessStatusCode)) (await StudioClient.RefusalAsync(refused)).ShouldContain("takes already");
    }

    [Theory]
    [InlineData("", "empty"), InlineData("/", "empty"), InlineData("a//b", "empty part"), InlineData("a/../b", "empty part"), InlineData("a/{id:int}", "no parameter"), InlineData("a/{*rest}", "no parameter"), InlineData("a/x{id}", "no parameter")]
    [InlineData("a/{id}/{ID}", "one name"), InlineData("a?b=1", "no path has"), InlineData("1/2/3/4/5/6/7/8/9/10/11/12/13", "more than 12"), InlineData("{a}/{b}/{c}/{d}/{e}", "more than 4")]
    public async Task A_path_that_means_nothing_is_refused_with_the_name_of_its_box(string path, string why)
    {
        using var studio = await app.WorkspaceAsync();

        var told = await studio.RefusedAsync("/workflow-definitions", Draft.Request(Named("Wrong", path), publish: true));

        told.ShouldContain("wrong-in");
        told.ShouldContain(why);
    }

    [Theory]
    [InlineData("""["FETCH"]""", "FETCH"), InlineData("[]", "no method")]
    public async Task Methods_that_nobody_knows_are_refused(string methods, string why)
    {
        using var studio = await app.WorkspaceAsync();

        (await studio.RefusedAsync("/workflow-definitions", Draft.Request(Named("Wrong", "x", methods), publish: true))).ShouldContain(why);
    }

    private static JsonObject Named(string name, string path, string methods = """["GET"]""")
    {
        var definition = Flow("x", "", [Endpoint($"{name.ToLowerInvariant()}-in", path, ("supportedMethods", Json(methods)))]);
        definition["name"] = name;
        definition.Remove("definitionId");
        definition.Remove("id");
        return definition;
    }
}
