using LeadSens.Server.Data;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>A version as Studio opens it.</summary>
internal sealed class DefinitionViews(ActivityRegistry activities, Database database, IHttpContextAccessor http)
{
    private bool MayEdit => http.HttpContext!.User.MayEdit();

    /// <param name="mark">The editor that it is for; null: a new one.</param>
    public async Task<JsonObject> MakeAsync(DefinitionVersion version, WorkspaceContext caller, EditorMark? mark, CancellationToken cancellationToken)
    {
        var json = DefinitionForm.Normalise(DefinitionText.Parse(version.Body)!);
        await HideUnknownAsync(json, caller, cancellationToken);
        json.Remove("$schema");
        json["id"] = version.VersionId;
        json["definitionId"] = version.DefinitionId;
        json["version"] = version.Version;
        json["isLatest"] = version.IsLatest;
        json["isPublished"] = version.IsPublished;
        json["createdAt"] = version.CreatedAt;
        json["isReadonly"] = false;
        json["materializerName"] = "Json";
        json["isMaterializerAvailable"] = true;
        json["links"] = JsonSerializer.SerializeToNode(Link.OfDefinition(version, MayEdit), JsonSerializerOptions.Web);
        (mark is { } known ? known with { Revision = version.Revision } : EditorMark.New(version.Revision)).PutOn(json);
        return json;
    }

    /// <summary>As it leaves for another system.</summary>
    public static JsonObject Export(DefinitionVersion version)
    {
        var json = DefinitionForm.Normalise(DefinitionText.Parse(version.Body)!);
        json["id"] = version.VersionId;
        json["definitionId"] = version.DefinitionId;
        json["version"] = version.Version;
        json["isLatest"] = version.IsLatest;
        json["isPublished"] = version.IsPublished;
        json["createdAt"] = version.CreatedAt;
        json.Remove("$schema");
        json.Insert(0, "$schema", "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json");
        return json;
    }

    private async Task HideUnknownAsync(JsonObject json, WorkspaceContext caller, CancellationToken cancellationToken)
    {
        var boxes = ActivityNode.Read(json["root"]!.AsObject()).All.ToList();
        foreach (var box in boxes)
        {
            // Studio knows a type by its present name only.
            if (activities.Find(box.Type) is { } type) box.Activity["type"] = type.TypeName;
        }
        if (boxes.TrueForAll(box => IsKnown(activities, box.Type))) return;
        var drawable = await activities.DrawableAsync(database, caller.WorkspaceId, cancellationToken);
        UnknownBoxes.Hide(json, type => IsKnown(drawable, type));
    }

    private static bool IsKnown(ActivityRegistry activities, string type) => activities.Find(type) is not null || type is "Elsa.NotFoundActivity" or "Elsa.Workflow";
}
