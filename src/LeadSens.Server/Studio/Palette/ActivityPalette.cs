using LeadSens.Engine;

namespace LeadSens.Server.Studio.Palette;

/// <summary>Every type that Studio may meet in a definition, those that nobody drags included.</summary>
internal static class ActivityPalette
{
    private static readonly ActivityView[] Hidden =
    [
        ActivityView.Hidden("Workflow", "A workflow as a whole.", isContainer: true),
        ActivityView.Hidden("NotFoundActivity", "Keeps the place of an activity whose type is not known here.", isContainer: false),
    ];

    public static IEnumerable<ActivityView> Of(ActivityRegistry activities) =>
        activities.Descriptors.Select(ActivityView.Of).Concat(Hidden).OrderBy(type => type.Category, StringComparer.Ordinal).ThenBy(type => type.DisplayName, StringComparer.Ordinal);
}
