using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows.Http;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Studio.Instances;

/// <summary>Instances that are exported, deleted and brought back.</summary>
public sealed class InstanceFileTests : IAsyncLifetime
{
    private TestApp app = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        http = app.Client();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_run_that_was_lost_comes_back_and_goes_on()
    {
        var run = await app.RunAsync(Waiting());
        var file = await ExportAsync(run);
        file["workflowState"].ShouldNotBeNull();
        await LoseAsync(run);

        (await ImportAsync(file)).ShouldBe(1);

        (await app.StatusAsync(run)).ShouldBe("Suspended");
        (await app.VariableAsync(run, "Kept")).GetString().ShouldBe("before");
        (await http.GetStringAsync($"/workflows/go/{run}")).ShouldBe("before");
        await Eventually.Be(async () => await app.StatusAsync(run) == "Finished");
    }

    [Fact]
    public async Task A_timer_of_a_run_that_comes_back_fires()
    {
        var run = await app.RunAsync(Flow("timed", "wait->a", [Box("wait", "Elsa.Delay", ("timeSpan", Literal("01:00:00"))), WriteLine("a")]));
        var file = await ExportAsync(run);
        await LoseAsync(run);
        await app.Database.ExecuteAsync("update clock_shift set shift = interval '2 hours'");

        await ImportAsync(file);

        await Eventually.Be(async () => await app.StatusAsync(run) == "Finished");
    }

    [Fact]
    public async Task Several_go_into_one_zip_and_back()
    {
        var runs = new[] { await app.RunAsync(Waiting()), await app.RunAsync(Waiting()) };
        using var answer = await http.PostAsJsonAsync("/elsa/api/bulk-actions/export/workflow-instances", new { ids = runs });
        var zip = await answer.Content.ReadAsByteArrayAsync();
        using (var archive = new ZipArchive(new MemoryStream(zip))) archive.Entries.Count.ShouldBe(2);
        foreach (var run in runs) await LoseAsync(run);

        using var imported = await PostAsync("workflow-instances.zip", zip);

        (await imported.Content.ReadAsStringAsync()).ShouldBe("""{"imported":2}""");
        foreach (var run in runs) (await app.StatusAsync(run)).ShouldBe("Suspended");
        (await http.PostAsJsonAsync("/elsa/api/bulk-actions/export/workflow-instances", new { ids = new[] { Guid.CreateVersion7() } })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_exists_is_not_overwritten_and_of_several_files_all_or_none_are_taken()
    {
        var (there, lost) = (await app.RunAsync(Waiting()), await app.RunAsync(Waiting()));
        var files = new[] { await ExportAsync(lost), await ExportAsync(there) };
        await LoseAsync(lost);

        (await RefusalAsync(files)).ShouldContain("exists already");

        (await http.GetAsync($"/elsa/api/workflow-instances/{lost}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetStringAsync($"/workflows/go/{there}")).ShouldBe("before");
    }

    [Fact]
    public async Task What_was_changed_or_belongs_to_others_is_refused()
    {
        var run = await app.RunAsync(Waiting());
        var file = await ExportAsync(run);
        await LoseAsync(run);

        var changed = file.DeepClone().AsObject();
        changed["leadSens"]!["content"] = ((string?)changed["leadSens"]!["content"])!.Replace("Suspended", "Finished", StringComparison.Ordinal);
        (await RefusalAsync(changed)).ShouldContain("was changed");
        (await RefusalAsync(new JsonObject { ["id"] = run.ToString() })).ShouldContain("no exported instance");
        (await StudioClient.RefusalAsync(await PostAsync("x.json", "no json"u8.ToArray()))).ShouldContain("not JSON");

        var key = Guid.CreateVersion7().ToString("N");
        await app.Database.ExecuteAsync("""
            with made as (insert into workspaces (id, name) values ($1, 'Other') returning id)
            insert into api_keys (id, workspace_id, name, key_hash) select $1, id, 'other', sha256(convert_to($2, 'UTF8')) from made
            """, Guid.CreateVersion7(), key);
        using var stranger = app.Client(key);
        (await StudioClient.RefusalAsync(await PostAsync("x.json", JsonSerializer.SerializeToUtf8Bytes(file), stranger))).ShouldContain("another workspace");
        (await stranger.GetAsync($"/elsa/api/workflow-instances/{run}/export")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<JsonObject> ExportAsync(Guid run) => JsonNode.Parse(await http.GetStringAsync($"/elsa/api/workflow-instances/{run}/export"))!.AsObject();

    private async Task<int> ImportAsync(JsonObject file)
    {
        using var answer = await PostAsync("instance.json", JsonSerializer.SerializeToUtf8Bytes(file));
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("imported").GetInt32();
    }

    private async Task<string> RefusalAsync(params JsonObject[] files)
    {
        using var content = new MultipartFormDataContent();
        foreach (var (number, file) in files.Index()) content.Add(Part(JsonSerializer.SerializeToUtf8Bytes(file)), "files", $"{number}.json");
        return await StudioClient.RefusalAsync(await http.PostAsync("/elsa/api/bulk-actions/import/workflow-instances", content));
    }

    private async Task<HttpResponseMessage> PostAsync(string name, byte[] file, HttpClient? by = null)
    {
        using var content = new MultipartFormDataContent { { Part(file), "files", name } };
        return await (by ?? http).PostAsync("/elsa/api/bulk-actions/import/workflow-instances", content);
    }

    private static ByteArrayContent Part(byte[] file) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    private Task<int> LoseAsync(Guid run) => app.Database.ExecuteAsync("""
        with gone as (delete from workflow_instances where id = $1), marks as (delete from workflow_bookmarks where instance_id = $1) delete from workflow_resumptions where instance_id = $1
        """, run);

    private static JsonObject Waiting() => Flow("waiting", "keep->in;in->answer",
        [Box("keep", "Elsa.RunJavaScript", ("script", Literal("setVariable('Kept', 'before')"))), HttpEndpointTests.Endpoint("in", null, ("path", Js("'go/' + getWorkflowInstanceId()"))), HttpEndpointTests.Answer(Js("getVariable('Kept')"))],
        "Kept");
}
