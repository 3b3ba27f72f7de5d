using System.Net;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class ListTests(StudioApp app)
{
    [Fact]
    public async Task The_list_pages_searches_and_orders()
    {
        using var studio = await app.WorkspaceAsync();
        foreach (var name in new[] { "Beta 100%", "Alpha", "Gamma" }) await studio.SaveAsync(Draft.Line(name, Draft.WriteLine("hello", name)));

        (await NamesAsync(studio, "versionOptions=Latest")).ShouldBe(["Alpha", "Beta 100%", "Campaign", "Gamma", "Refresh tokens"]);
        (await NamesAsync(studio, "versionOptions=Latest&Page=1&PageSize=3&OrderBy=Name&OrderDirection=Descending")).ShouldBe(["Beta 100%", "Alpha"]);
        (await NamesAsync(studio, "versionoptions=Latest&page=0&pagesize=10&SEARCHTERM=100%25&IsSystem=False")).ShouldBe(["Beta 100%"]);
        (await NamesAsync(studio, "versionOptions=Published")).ShouldBe(["Campaign", "Refresh tokens"]);
        (await NamesAsync(studio, "versionOptions=Latest&OrderBy=Created&OrderDirection=Descending&PageSize=1&Page=0")).ShouldBe(["Gamma"]);
        (await NamesAsync(studio, "versionOptions=Latest&materializer=Clr")).ShouldBeEmpty();
        (await studio.GetAsync("/workflow-definitions?versionOptions=Latest&Page=7&PageSize=10"))["totalCount"]!.GetValue<int>().ShouldBe(5);
        (await studio.StatusAsync("/workflow-definitions?versionOptions=Newest")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_list_says_what_may_be_done()
    {
        using var studio = await app.WorkspaceAsync();

        var list = await studio.GetAsync("/workflow-definitions?versionOptions=Latest&Page=0&PageSize=10&SearchTerm=&OrderBy=&OrderDirection=Ascending");

        list["links"]!.AsArray().Select(link => (string)link!["rel"]!).ShouldContain("bulk-publish");
        var campaign = list["items"]![0]!;
        foreach (var name in new[] { "id", "definitionId", "name", "version", "toolVersion", "isLatest", "isPublished", "isReadonly", "materializerName", "isMaterializerAvailable", "createdAt", "links" })
            campaign[name].ShouldNotBeNull(name);
    }

    [Fact]
    public async Task Versions_are_found_by_their_ids()
    {
        using var studio = await app.WorkspaceAsync();
        var first = await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")), publish: true);
        var second = await studio.SaveAsync(first.DeepClone().AsObject().Writing("two"));

        (await NamesAsync(studio, $"Ids={first.Id()}&Ids={second.Id()}&versionOptions=")).Count().ShouldBe(2);
        ((string?)(await studio.GetAsync($"/workflow-definitions/by-id/{first.Id()}"))["id"]).ShouldBe(first.Id());
        var many = await studio.GetAsync($"/workflow-definitions/many-by-id?ids={first.Id()}&ids={second.Id()}&ids=none");
        many["count"]!.GetValue<int>().ShouldBe(2);
        many["items"]![0]!["root"].ShouldNotBeNull();
        (await studio.OpenAsync(first.DefinitionId(), "1")).Id().ShouldBe(first.Id());
        (await studio.OpenAsync(first.DefinitionId(), "Published")).Id().ShouldBe(first.Id());
        (await studio.OpenAsync(first.DefinitionId(), "LatestOrPublished")).Id().ShouldBe(second.Id());
    }

    [Fact]
    public async Task Names_are_unique_in_a_workspace()
    {
        using var studio = await app.WorkspaceAsync();
        var made = await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")));

        (await IsUniqueAsync(studio, "name=greet")).ShouldBeFalse();
        (await IsUniqueAsync(studio, $"name=Greet&definitionId={made.DefinitionId()}")).ShouldBeTrue();
        (await IsUniqueAsync(studio, "name=Other&definitionId=")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_published_workflow_that_is_usable_as_activity_joins_the_palette()
    {
        using var studio = await app.WorkspaceAsync();
        using var stranger = await app.WorkspaceAsync();
        var draft = Draft.Line("Greet someone", Draft.WriteLine("hello", "one"));
        draft["options"] = new JsonObject { ["usableAsActivity"] = true, ["activityCategory"] = "Ours" };
        draft["inputs"] = new JsonArray(new JsonObject { ["type"] = "String", ["name"] = "Who", ["displayName"] = "Who", ["uiHint"] = "singleline" });
        draft["outcomes"] = new JsonArray("Greeted");

        var made = await studio.SaveAsync(draft);
        (await studio.StatusAsync("/descriptors/activities/GreetSomeone")).ShouldBe(HttpStatusCode.NotFound);
        made = await studio.SaveAsync(made, publish: true);

        var type = await studio.GetAsync("/descriptors/activities/GreetSomeone");
        ((string?)type["customProperties"]!["WorkflowDefinitionVersionId"]).ShouldBe(made.Id());
        ((string?)type["constructionProperties"]!["WorkflowDefinitionId"]).ShouldBe(made.DefinitionId());
        ((string?)type["category"]).ShouldBe("Ours");
        ((string?)type["inputs"]![0]!["name"]).ShouldBe("Who");
        type["ports"]!.AsArray().Select(port => (string)port!["name"]!).ShouldBe(["Greeted"]);
        (await stranger.StatusAsync("/descriptors/activities/GreetSomeone")).ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<bool> IsUniqueAsync(StudioClient studio, string query) =>
        (await studio.GetAsync($"/workflow-definitions/validation/is-name-unique?{query}"))["isUnique"]!.GetValue<bool>();

    private static async Task<IEnumerable<string>> NamesAsync(StudioClient studio, string query) =>
        (await studio.GetAsync($"/workflow-definitions?{query}"))["items"]!.AsArray().Select(item => (string)item!["name"]!);
}
