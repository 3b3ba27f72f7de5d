using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Workflows;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Studio.Shipped;

/// <summary>Who changed a shipped graph keeps his change, and learns that a newer one is there.</summary>
public sealed class ShippedOfferTests(StudioApp app) : IClassFixture<StudioApp>, IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("leadsens-offer-");
    private readonly string id = $"shipped-{Guid.CreateVersion7():N}";

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task The_edit_stays_and_the_newer_version_is_offered_with_what_it_changes()
    {
        using var studio = await EditedAsync();
        (await ItemAsync(studio))["origin"]!.GetValue<string>().ShouldBe("Edited");
        (await studio.Http.GetAsync($"/api/workflows/{id}/newer")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await OffersAsync(studio)).ShouldBeFalse();

        await ShipAsync(Graphs.WriteLine("a", "2"), Graphs.WriteLine("b", "new"));

        (await TextAsync(studio, "Published")).ShouldBe("mine");
        var item = await ItemAsync(studio);
        (item["origin"]!.GetValue<string>(), item["newerSince"]).ShouldSatisfyAllConditions(seen => seen.Item1.ShouldBe("EditedAndOutdated"), seen => seen.Item2.ShouldNotBeNull());
        (await OffersAsync(studio)).ShouldBeTrue();
        var offer = (await studio.Http.GetFromJsonAsync<JsonNode>($"/api/workflows/{id}/newer"))!;
        Said(offer, "news").ShouldBe(["The box 'b' is new.", "The box 'a' changed: text.", "Boxes are connected differently."]);
        Said(offer, "edits").ShouldBe(["The box 'a' changed: text."]);
        offer["definition"]!["root"]!["activities"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Taken_as_a_draft_it_changes_nothing_that_runs_and_the_own_versions_remain()
    {
        using var studio = await EditedAsync();
        await ShipAsync(Graphs.WriteLine("a", "2"));

        var taken = await AdoptAsync(studio, publish: false);

        taken["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        (await studio.StateAsync(id)).ShouldBe("3 latest, 2 published, 1");
        ((await TextAsync(studio, "Latest")), await TextAsync(studio, "Published")).ShouldBe(("2", "mine"));
        (await OffersAsync(studio)).ShouldBeFalse();
        using var again = await studio.Http.PostAsJsonAsync($"/api/workflows/{id}/adopt", new { publish = true });
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Taken_into_service_it_is_what_new_runs_get()
    {
        using var studio = await EditedAsync();
        var draft = (await studio.OpenAsync(id)).Writing("unfinished");
        await studio.SaveAsync(draft);
        await ShipAsync(Graphs.WriteLine("a", "2"));

        await AdoptAsync(studio, publish: true);

        (await studio.StateAsync(id)).ShouldBe("4 latest published, 3, 2, 1");
        (await RunsAsync(studio)).ShouldBe((await studio.OpenAsync(id, "Published")).Id());
        (await TextAsync(studio, "3")).ShouldBe("unfinished");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_runs_is_what_the_workspace_sees(bool publishes, bool retracts)
    {
        using var studio = await EditedAsync(publishes);
        if (retracts) await studio.PostAsync($"/workflow-definitions/{id}/retract");
        await ShipAsync(Graphs.WriteLine("a", "2"));

        var seen = (await studio.VersionsAsync(id)).SingleOrDefault(version => version["isPublished"]!.GetValue<bool>());

        (await RunsAsync(studio)).ShouldBe(seen?.Id());
        (seen is null).ShouldBe(retracts);
    }

    [Fact]
    public async Task Nothing_is_offered_where_nothing_was_shipped()
    {
        using var studio = await app.WorkspaceAsync();
        var own = await studio.SaveAsync(Draft.Line("Own", Draft.WriteLine("hello", "x")));
        using var refused = await studio.Http.PostAsJsonAsync($"/api/workflows/{own.DefinitionId()}/adopt", new { publish = true });
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await studio.Http.GetAsync("/api/workflows/nowhere/newer")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var list = (await studio.Http.GetFromJsonAsync<JsonNode>("/api/workflows"))!["items"]!.AsArray();
        list.ShouldContain(item => item!["definitionId"]!.GetValue<string>() == own.DefinitionId() && item["origin"]!.GetValue<string>() == "Own");
        list.ShouldContain(item => item!["definitionId"]!.GetValue<string>() == "campaign" && item["origin"]!.GetValue<string>() == "Shipped");
    }

    /// <summary>A workspace that changed the first shipped version.</summary>
    private async Task<StudioClient> EditedAsync(bool publish = true)
    {
        await ShipAsync(Graphs.WriteLine("a", "1"));
        var studio = await app.WorkspaceAsync();
        await studio.SaveAsync((await studio.OpenAsync(id)).Writing("mine"), publish);
        return studio;
    }

    private async Task ShipAsync(params JsonObject[] boxes)
    {
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "shipped.json"), Graphs.Line(id, boxes));
        var options = Microsoft.Extensions.Options.Options.Create(new WorkflowOptions { Directory = directory.FullName });
        await ActivatorUtilities.CreateInstance<ShippedDefinitions>(app.App.Services, options).StartingAsync(CancellationToken.None);
    }

    private async Task<string?> RunsAsync(StudioClient studio) =>
        await app.App.Services.GetRequiredService<DefinitionStore>().PublishedVersionAsync(await app.IdAsync(studio), id, CancellationToken.None);

    private async Task<JsonNode> ItemAsync(StudioClient studio) => (await studio.Http.GetFromJsonAsync<JsonNode>($"/api/workflows/{id}"))!;

    private async Task<JsonNode> AdoptAsync(StudioClient studio, bool publish)
    {
        using var answer = await studio.Http.PostAsJsonAsync($"/api/workflows/{id}/adopt", new { publish });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>Whether list and editor carry the link to the newer version; they agree.</summary>
    private async Task<bool> OffersAsync(StudioClient studio)
    {
        var listed = HasLink((await studio.GetAsync("/workflow-definitions?versionOptions=Latest"))["items"]!.AsArray().Single(item => item!.DefinitionId() == id)!);
        HasLink(await studio.OpenAsync(id)).ShouldBe(listed);
        return listed;
    }

    private static bool HasLink(JsonNode definition) => definition["links"]!.AsArray().Any(link => link!["rel"]!.GetValue<string>() == "newer-version");

    private async Task<string?> TextAsync(StudioClient studio, string version) =>
        (string?)(await studio.OpenAsync(id, version))["root"]!["activities"]![0]!["text"]!["expression"]!["value"];

    private static IEnumerable<string> Said(JsonNode offer, string what) => offer[what]!.AsArray().Select(sentence => sentence!.GetValue<string>());
}
