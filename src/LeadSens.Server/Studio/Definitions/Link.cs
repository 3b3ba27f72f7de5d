using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>What the caller may do with what he got. Without <c>publish</c> Studio shows a definition read-only, without <c>bulk-publish</c> the list.</summary>
internal sealed record Link(string Href, string Rel, string Method)
{
    /// <summary>Studio passes over a rel that it does not know; our pages show what it leads to.</summary>
    private const string Newer = "newer-version";

    public static IReadOnlyList<Link> OfDefinition(DefinitionVersion version, bool mayEdit)
    {
        if (version.IsGone) return [];
        var definitionId = version.DefinitionId;
        var path = $"/workflow-definitions/{Uri.EscapeDataString(definitionId)}";
        Link[] reading =
        [
            new($"/workflow-definitions/by-definition-id/{Uri.EscapeDataString(definitionId)}", "self", "GET"),
            new($"{path}/versions", "versions", "GET"),
            new($"{path}/export", "export", "GET"),
            .. version.IsOutdated ? (Link[])[new($"/api/workflows/{Uri.EscapeDataString(definitionId)}/newer", Newer, "GET")] : [],
        ];
        return !mayEdit ? reading :
        [
            .. reading,
            new($"{path}/bulk-dispatch", "bulk-dispatch", "POST"),
            new($"{path}/dispatch", "dispatch", "POST"),
            new($"{path}/execute", "execute", "POST"),
            new($"{path}/publish", "publish", "POST"),
            new($"{path}/retract", "retract", "POST"),
            new(path, "delete", "DELETE"),
            new("/workflow-definitions/import", "import", "POST"),
            new($"{path}/update-references", "update-references", "POST"),
        ];
    }

    public static IReadOnlyList<Link> OfList(bool mayEdit)
    {
        Link[] reading =
        [
            new("/workflow-definitions", "self", "GET"),
            new("/workflow-definitions/validation/is-name-unique", "is-name-unique", "GET"),
            new("/workflow-definitions/query/count", "count", "GET"),
            new("/workflow-definitions/many-by-id", "many-by-id", "GET"),
        ];
        return !mayEdit ? reading :
        [
            .. reading,
            new("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete-by-definition-id", "POST"),
            new("/bulk-actions/delete/workflow-definitions/by-id", "bulk-delete-by-id", "POST"),
            new("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST"),
            new("/bulk-actions/retract/workflow-definitions/by-definition-ids", "bulk-retract", "POST"),
            new("/workflow-definitions/import", "import", "POST"),
            new("/workflow-definitions/import-files", "import-files", "POST"),
            new("/workflow-definitions", "create", "POST"),
        ];
    }
}
