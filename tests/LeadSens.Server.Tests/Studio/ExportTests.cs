using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

/// <summary>What leaves as a file and comes back is the same text, but for the order of its properties and for which version it is.</summary>
[Collection(typeof(StudioTests))]
public sealed class ExportTests(StudioApp app)
{
    private static readonly string[] Stamps = ["id", "definitionId", "createdAt", "version", "isPublished", "isLatest"];

    [Fact]
    public async Task The_shipped_campaign_leaves_as_its_file_and_comes_back_as_the_same_graph()
    {
        using var first = await app.WorkspaceAsync();
        using var second = await app.WorkspaceAsync();
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", "campaign.json")))!;

        var shipped = await ExportAsync(first, "campaign");
        Text(shipped).ShouldBe(Text(file));
        var imported = shipped.DeepClone();
        imported["definitionId"] = "my-campaign";
        await second.PostAsync("/workflow-definitions/import", imported);
        Text(await ExportAsync(second, "my-campaign")).ShouldBe(Text(file));

        // Into another workspace under its own name: nothing to change, so the shipped version goes on serving.
        await second.PostAsync("/workflow-definitions/import", shipped);
        (await second.StateAsync("campaign")).ShouldBe("1 latest published");
    }

    [Fact]
    public async Task Every_property_survives_a_zip()
    {
        using var first = await app.WorkspaceAsync();
        using var second = await app.WorkspaceAsync();
        var made = await first.SaveAsync(JsonNode.Parse(Everything)!);
        var other = await first.SaveAsync(Draft.Line("Other", Draft.WriteLine("hello", "x")));

        var zip = await ZipAsync(first, made.Id(), other.Id());
        await UploadAsync(second, zip);
        var again = await ZipAsync(second, [.. (await second.GetAsync("/workflow-definitions?versionOptions=Latest"))["items"]!.AsArray().Where(item => item!.DefinitionId() is not ("campaign" or "refresh-tokens")).Select(item => item!.Id())]);

        var (before, after) = (Entries(zip), Entries(again));
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var (name, definition) in before) Text(after[name]).ShouldBe(Text(definition));
        Covers(before.Values.Single(definition => definition.DefinitionId() == "everything"), JsonNode.Parse(Everything)!);
    }

    [Fact]
    public async Task A_small_zip_that_unpacks_to_more_than_fits_is_refused()
    {
        using var studio = await app.WorkspaceAsync();
        using var bomb = new MemoryStream();
        using (var zip = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            var megabyte = Encoding.UTF8.GetBytes(new string(' ', 1024 * 1024));
            for (var file = 0; file < 62; file++)
            {
                using var entry = zip.CreateEntry($"{file}.json").Open();
                entry.Write("{"u8);
                entry.Write(megabyte);
                entry.Write("}"u8);
            }
        }

        bomb.Length.ShouldBeLessThan(1024 * 1024);
        using var answer = await SendAsync(studio, bomb.ToArray());
        answer.IsSuccessStatusCode.ShouldBeFalse();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("60 MB");
    }

    private static async Task<JsonNode> ExportAsync(StudioClient studio, string definitionId) => await studio.GetAsync($"/workflow-definitions/{definitionId}/export?versionOptions=Latest");

    private static async Task<byte[]> ZipAsync(StudioClient studio, params string[] ids)
    {
        using var answer = await studio.SendAsync("/bulk-actions/export/workflow-definitions", new JsonObject { ["ids"] = new JsonArray([.. ids]), ["includeConsumingWorkflows"] = false });
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(StudioClient studio, byte[] zip)
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(zip);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        form.Add(part, "files", "workflows.zip");
        return await studio.Http.PostAsync("/elsa/api/workflow-definitions/import-files", form);
    }

    private static async Task UploadAsync(StudioClient studio, byte[] zip)
    {
        using var answer = await SendAsync(studio, zip);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static Dictionary<string, JsonNode> Entries(byte[] zip)
    {
        using var read = new ZipArchive(new MemoryStream(zip));
        return read.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            return JsonNode.Parse(reader.ReadToEnd())!;
        });
    }

    /// <summary>The text with its properties in one order; numbers stay as they are written.</summary>
    private static string Text(JsonNode definition)
    {
        var content = definition.DeepClone().AsObject();
        foreach (var stamp in Stamps) content.Remove(stamp);
        return Ordered(content)!.ToJsonString();
    }

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => KeyValuePair.Create(property.Key, Ordered(property.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Ordered)]),
        _ => node?.DeepClone(),
    };

    /// <summary>Everything that was given is there; the Server may have added what an editor needs.</summary>
    private static void Covers(JsonNode? there, JsonNode? given, string path = "$")
    {
        if (given is JsonObject json)
            foreach (var (name, value) in json) Covers(there.ShouldBeOfType<JsonObject>(path)[name], value, $"{path}.{name}");
        else if (given is JsonArray list)
            for (var i = 0; i < list.Count; i++) Covers(there.ShouldBeOfType<JsonArray>(path)[i], list[i], $"{path}[{i}]");
        else
            (there?.ToJsonString()).ShouldBe(given?.ToJsonString(), path);
    }

    private const string Everything = """
        {"definitionId":"everything","name":"Everything","description":"Ünïcode \u003c\"& and\nlines","toolVersion":"3.8.0.0",
         "variables":[{"id":"v1","name":"Count","typeName":"Int32","isArray":false,"value":"7","storageDriverTypeName":"Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core"},
                      {"id":"v2","name":"Names","typeName":"String","isArray":true,"value":"[\"a\"]","storageDriverTypeName":null}],
         "inputs":[{"type":"String","isArray":false,"name":"Icp","displayName":"ICP","description":"Whom","category":"Main","uiHint":"multiline","storageDriverType":null,"defaultValue":"x"}],
         "outputs":[{"type":"Int32","isArray":false,"name":"Total","displayName":"Total","description":"","category":""}],
         "outcomes":["Good","Bad"],"customProperties":{"Flowchart:ExecutionMode":"CounterBased","deep":{"list":[1,2.50,null,{"a":[]}],"big":12345678901234567890}},
         "options":{"activationStrategyType":"Elsa.Workflows.Activities.SingletonStrategy, Elsa.Workflows.Core","usableAsActivity":true,"autoUpdateConsumingWorkflows":true,"activityCategory":"Ours",
                    "incidentStrategyType":"Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core","commitStrategyName":"WorkflowExecuted"},
         "root":{"type":"Elsa.Flowchart","version":1,"id":"flow","name":"Flowchart1","metadata":{"zoom":0.5},"customProperties":{"notFoundConnections":[],"canStartWorkflow":false,"runAsynchronously":false},
           "start":"one","variables":[{"id":"v3","name":"Inner","typeName":"Object","isArray":false,"value":null,"storageDriverTypeName":null}],
           "activities":[
             {"id":"one","name":"SetVariable1","type":"Elsa.SetVariable","version":1,
              "customProperties":{"canStartWorkflow":true,"runAsynchronously":false,"mergeMode":"Merge","commitStrategyName":"Default","resilienceStrategy":{"mode":"Identifier","strategyId":"s","expression":null},
                "logPersistenceConfig":{"default":{"evaluationMode":"Strategy","strategyType":"Include","expression":null},"inputs":{"value":{"evaluationMode":"Expression","strategyType":null,"expression":{"type":"JavaScript","value":"1"}}},"outputs":{},"internalState":{}}},
              "metadata":{"designer":{"position":{"x":-12.5,"y":0.25},"size":{"width":187,"height":54}},"displayText":"Set it","description":"Sets.","showDescription":true},
              "variable":{"id":"v1","name":"Count","typeName":"Int32","isArray":false,"value":null,"storageDriverTypeName":null},
              "value":{"typeName":"Int32","expression":{"type":"JavaScript","value":"return getVariable(\"Count\") + 1;"},"memoryReference":{"id":"one:value"}}},
             {"id":"two","name":"If1","type":"Elsa.If","version":1,"customProperties":{},"metadata":{},
              "condition":{"typeName":"Boolean","expression":{"type":"Variable","value":{"id":"v1","name":"Count","typeName":"Int32"}}},
              "result":{"typeName":"Boolean","memoryReference":{"id":"v2"},"converter":{"id":"c","settings":{"a":1}}},
              "then":{"id":"three","name":"WriteLine1","type":"Elsa.WriteLine","version":1,"customProperties":{},"metadata":{},"text":{"typeName":"String","expression":{"type":"Input","value":{"name":"Icp","type":"String"}}}},"else":null},
             {"id":"far","name":"Far","type":"Acme.Teleport","version":7,"customProperties":{"x":null},"metadata":{},"payload":{"typeName":"Object","expression":{"type":"Liquid","value":"{{ x }}"}},"list":[{"a":1}]}],
           "connections":[{"source":{"activity":"one","port":"Done"},"target":{"activity":"two","port":"In"},"vertices":[{"x":1.5,"y":-2}]},
                          {"source":{"activity":"two","port":"Done"},"target":{"activity":"far","port":"In"},"vertices":[]}]}}
        """;
}
