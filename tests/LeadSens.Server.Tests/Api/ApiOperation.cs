using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Api;

/// <summary>An operation of the API document.</summary>
internal sealed record ApiOperation(string Path, string Method, JsonObject Json)
{
    public string Id => Json["operationId"]?.ToString() ?? "";

    public JsonObject Answers => Json["responses"]!.AsObject();

    public List<JsonObject> Parameters => [.. (Json["parameters"]?.AsArray() ?? new JsonArray()).Select(parameter => parameter!.AsObject())];

    public static List<ApiOperation> AllOf(JsonObject document) =>
        [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(one => new ApiOperation(path.Key, one.Key.ToUpperInvariant(), one.Value!.AsObject())))];

    /// <summary>With ids that nothing has, in a workspace that there is.</summary>
    public string PathFor(Guid workspaceId) => Parameters.Where(parameter => parameter["in"]!.ToString() == "path").Aggregate(Path, (path, parameter) => path.Replace(
        $"{{{parameter["name"]}}}", parameter["name"]!.ToString() == "workspaceId" ? workspaceId.ToString() : parameter["schema"]?["format"]?.ToString() == "uuid" ? Guid.CreateVersion7().ToString() : "x",
        StringComparison.Ordinal));

    public override string ToString() => $"{Method} {Path} {Id}";
}
