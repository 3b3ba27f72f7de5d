using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Studio;

/// <summary>Definitions as Studio posts them.</summary>
internal static class Draft
{
    public static JsonObject Line(string name, params JsonObject[] boxes) => new()
    {
        ["name"] = name,
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1",
            ["activities"] = new JsonArray([.. boxes]), ["connections"] = new JsonArray(),
        },
    };

    public static JsonObject WriteLine(string id, string text) => new()
    {
        ["id"] = id, ["name"] = id, ["type"] = "Elsa.WriteLine", ["version"] = 1, ["metadata"] = new JsonObject(), ["customProperties"] = new JsonObject(),
        ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text } },
    };

    public static JsonObject Unknown(string id) => new()
    {
        ["id"] = id, ["name"] = id, ["type"] = "Acme.Teleport", ["version"] = 7, ["metadata"] = new JsonObject { ["x"] = 1.50 }, ["customProperties"] = new JsonObject(),
        ["destination"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Liquid", ["value"] = "{{ \"Zürich\" }} <é>" } },
        ["nothing"] = null, ["big"] = 12345678901234567890m,
    };

    /// <summary>Saves as Studio does, and answers the definition that Studio goes on with.</summary>
    public static async Task<JsonObject> SaveAsync(this StudioClient studio, JsonNode model, bool publish = false) =>
        (await studio.PostAsync("/workflow-definitions", Request(model, publish)))["workflowDefinition"]!.AsObject();

    public static JsonObject Request(JsonNode model, bool publish = false) => new() { ["model"] = model.DeepClone(), ["publish"] = publish };

    public static async Task<JsonObject> OpenAsync(this StudioClient studio, string definitionId, string versionOptions = "Latest") =>
        (await studio.GetAsync($"/workflow-definitions/by-definition-id/{definitionId}?versionOptions={versionOptions}")).AsObject();

    public static async Task<List<JsonNode>> VersionsAsync(this StudioClient studio, string definitionId) =>
        [.. (await studio.GetAsync($"/workflow-definitions?versionOptions=AllVersions&DefinitionIds={definitionId}&OrderBy=Version&OrderDirection=Descending"))["items"]!.AsArray().Select(item => item!)];

    /// <summary>The versions of a definition in few words: <c>2 latest, 1 published</c>.</summary>
    public static async Task<string> StateAsync(this StudioClient studio, string definitionId) => string.Join(", ", (await studio.VersionsAsync(definitionId)).Select(version =>
        $"{version["version"]}{(version["isLatest"]!.GetValue<bool>() ? " latest" : "")}{(version["isPublished"]!.GetValue<bool>() ? " published" : "")}"));

    public static string Id(this JsonNode definition) => (string)definition["id"]!;

    public static string DefinitionId(this JsonNode definition) => (string)definition["definitionId"]!;

    /// <summary>What a user sees of a definition, for comparing.</summary>
    public static JsonObject Content(JsonNode definition)
    {
        var content = definition.DeepClone().AsObject();
        foreach (var stamp in new[] { "$schema", "id", "definitionId", "version", "isLatest", "isPublished", "createdAt", "links", "isMaterializerAvailable", "tenantId" }) content.Remove(stamp);
        content["customProperties"]!.AsObject().Remove("LeadSens.Editor");
        return content;
    }

    /// <summary>Sets the text of a WriteLine.</summary>
    public static JsonObject Writing(this JsonObject definition, string text)
    {
        definition["root"]!["activities"]![0]!["text"]!["expression"]!["value"] = text;
        return definition;
    }
}
