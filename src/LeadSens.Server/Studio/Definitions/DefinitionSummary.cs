using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>A version in a list.</summary>
internal sealed record DefinitionSummary(
    string Id, string DefinitionId, string Name, string? Description, int Version, string ToolVersion, bool IsLatest, bool IsPublished, DateTimeOffset CreatedAt, IReadOnlyList<Link> Links)
{
    public bool IsReadonly => false;

    public string? ProviderName => null;

    public string MaterializerName => "Json";

    public bool IsMaterializerAvailable => true;

    public static DefinitionSummary Of(DefinitionVersion version, bool mayEdit) => new(
        version.VersionId, version.DefinitionId, version.Name ?? "", version.Description, version.Version, version.ToolVersion ?? Features.ElsaVersion,
        version.IsLatest, version.IsPublished, version.CreatedAt, Link.OfDefinition(version, mayEdit));
}
