using LeadSens.Server.Data;
using LeadSens.Engine;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Palette;

/// <summary>Every type that Studio may meet in a workspace's definitions, those that nobody drags included.</summary>
internal sealed class ActivityPalette(ActivityRegistry activities, Database database)
{
    private static readonly ActivityView[] Hidden =
    [
        ActivityView.Hidden("Workflow", "A workflow as a whole.", isContainer: true),
        ActivityView.Hidden("NotFoundActivity", "Keeps the place of an activity whose type is not known here.", isContainer: false),
    ];

    public async Task<IReadOnlyList<ActivityView>> ListAsync(Guid workspaceId, CancellationToken cancellationToken)
    {
        var drawable = await activities.DrawableAsync(database, workspaceId, cancellationToken);
        return [.. drawable.Descriptors.Select(ActivityView.Of).Concat(Hidden).DistinctBy(type => type.TypeName)
            .OrderBy(type => type.Category, StringComparer.Ordinal).ThenBy(type => type.DisplayName, StringComparer.Ordinal)];
    }

    public async Task<ActivityView?> FindAsync(Guid workspaceId, string typeName, CancellationToken cancellationToken) =>
        (await ListAsync(workspaceId, cancellationToken)).FirstOrDefault(type => type.TypeName == typeName);
}
