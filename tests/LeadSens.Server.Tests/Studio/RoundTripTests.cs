using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

[Collection(typeof(StudioTests))]
public sealed class RoundTripTests(StudioApp app)
{
    private static readonly string Shipped = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "workflows", "campaign.json"));

    [Fact]
    public async Task The_campaign_graph_survives_import_and_export()
    {
        using var studio = await app.WorkspaceAsync();
        var graph = JsonNode.Parse(Shipped)!.AsObject();
        graph["definitionId"] = "my-campaign";

        await studio.PostAsync("/workflow-definitions/import", graph);
        var exported = await studio.GetAsync("/workflow-definitions/my-campaign/export?versionOptions=Latest&includeConsumingWorkflows=False");

        JsonNode.DeepEquals(Draft.Content(exported), Draft.Content(graph)).ShouldBeTrue();
        exported["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        ((string?)exported["$schema"]).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_Studio_opened_and_saved_unchanged_is_no_new_version()
    {
        using var studio = await app.WorkspaceAsync();
        var opened = await studio.OpenAsync("campaign");

        var saved = await studio.SaveAsync(opened);

        saved.Id().ShouldBe(opened.Id());
        (await studio.StateAsync("campaign")).ShouldBe("1 latest published");
    }

    [Fact]
    public async Task Unknown_types_and_properties_come_back_as_they_were()
    {
        using var studio = await app.WorkspaceAsync();
        var unknown = Draft.Unknown("far");
        var draft = Draft.Line("Strange", Draft.WriteLine("hello", "one"), unknown);
        (draft["customProperties"], draft["ours"], draft["root"]!["theirs"]) = (new JsonObject { ["a.b"] = 1.0 }, new JsonArray(1, "zwei"), null);

        var opened = await studio.OpenAsync((await studio.SaveAsync(draft)).DefinitionId());
        var holder = opened["root"]!["activities"]![1]!;
        ((string?)holder["type"]).ShouldBe("Elsa.NotFoundActivity");
        holder["metadata"]!["designer"] = "moved";
        await studio.SaveAsync(opened);
        var exported = await studio.GetAsync($"/workflow-definitions/{opened.DefinitionId()}/export");

        var box = exported["root"]!["activities"]![1]!.AsObject();
        ((string?)box["metadata"]!["designer"]).ShouldBe("moved");
        box["metadata"]!.AsObject().Remove("designer");
        box.Remove("nodeId");
        JsonNode.DeepEquals(box, unknown).ShouldBeTrue(box.ToJsonString());
        exported["ours"]!.ToJsonString().ShouldBe("""[1,"zwei"]""");
        exported["customProperties"]!.ToJsonString().ShouldBe("""{"a.b":1}""");
    }

    [Fact]
    public async Task Importing_keeps_the_draft_that_was_there_and_what_is_in_service()
    {
        using var studio = await app.WorkspaceAsync();
        var made = await studio.SaveAsync(Draft.Line("Greet", Draft.WriteLine("hello", "one")), publish: true);
        var draft = await studio.SaveAsync(made.DeepClone().AsObject().Writing("two"));

        await studio.PostAsync("/workflow-definitions/import", draft.DeepClone().AsObject().Writing("three"));

        (await studio.StateAsync(made.DefinitionId())).ShouldBe("3 latest, 2, 1 published");
    }

    [Fact]
    public async Task Files_and_zips_are_imported_all_or_none()
    {
        using var studio = await app.WorkspaceAsync();
        using var source = await app.WorkspaceAsync();
        var ids = new JsonArray();
        foreach (var name in new[] { "One", "Two" }) ids.Add((JsonNode)(await source.SaveAsync(Draft.Line(name, Draft.WriteLine("hello", name)))).Id());
        using var exported = await source.SendAsync("/bulk-actions/export/workflow-definitions", new JsonObject { ["ids"] = ids, ["includeConsumingWorkflows"] = false });
        var zip = await exported.Content.ReadAsByteArrayAsync();
        using (var read = new ZipArchive(new MemoryStream(zip))) read.Entries.Count.ShouldBe(2);

        using var refused = await UploadAsync(studio, ("all.zip", zip), ("bad.json", "{}"u8.ToArray()));
        (await StudioClient.RefusalAsync(refused)).ShouldContain("bad.json");
        var shipped = await CountAsync(source) - 2;
        (await CountAsync(studio)).ShouldBe(shipped);
        using var imported = await UploadAsync(studio, ("all.zip", zip), ("own.json", Encoding.UTF8.GetBytes(Draft.Line("Three", Draft.WriteLine("hello", "x")).ToJsonString())));

        (await JsonNode.ParseAsync(await imported.Content.ReadAsStreamAsync()))!["count"]!.GetValue<int>().ShouldBe(3);
        (await CountAsync(studio)).ShouldBe(shipped + 3);
    }

    private static async Task<long> CountAsync(StudioClient studio) => (await studio.GetAsync("/workflow-definitions/query/count"))["count"]!.GetValue<long>();

    private static async Task<HttpResponseMessage> UploadAsync(StudioClient studio, params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(part, "files", name);
        }
        return await studio.Http.PostAsync("/elsa/api/workflow-definitions/import-files", form);
    }
}
