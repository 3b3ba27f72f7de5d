using LeadSens.Engine;

namespace LeadSens.Server.Studio.Palette;

/// <summary>An input with the control that Studio shows for it.</summary>
/// <param name="UiSpecifications">What the control needs besides, by its hint; null when it needs nothing.</param>
internal sealed record InputView(
    string Name, string TypeName, string DisplayName, string? Description, string? Category, int Order, string UiHint, object? DefaultValue,
    string DefaultSyntax, bool IsWrapped, bool IsSynthetic, IReadOnlyDictionary<string, object>? UiSpecifications)
{
    /// <summary>Studio reads this one enumeration as a number only; by its name the whole panel breaks.</summary>
    private const int LargeEditor = 1;

    public bool IsBrowsable => true;

    public bool IsSerializable => true;

    public bool IsReadOnly => false;

    public bool IsSensitive => false;

    public bool AutoEvaluate => true;

    public string? StorageDriverType => null;

    public static InputView Of(InputDescriptor input, ActivityDescriptor of) => new(
        input.Name, input.TypeName, input.DisplayName, input.Description, input.Category, input.Order, input.UiHint, input.DefaultValue,
        input.DefaultSyntax, input.IsWrapped, IsSynthetic: of.Workflow is not null, Control(input, of));

    private static Dictionary<string, object>? Control(InputDescriptor input, ActivityDescriptor of) => input.UiHint switch
    {
        "dropdown" => One("dropdown", new { selectList = new { items = Choices(input), isFlagsEnum = false } }),
        "checklist" => One("checklist", new { checkList = new { items = Choices(input), isFlagsEnum = false } }),
        "radiolist" => One("radiolist", new { radioList = new { items = Choices(input) } }),
        "code-editor" => One("code-editor", new { language = "javascript", editorHeight = LargeEditor, singleLineMode = false }),
        "dynamic-outcomes" => One("dynamic-outcomes", new { fixedOutcomes = FixedOutcomes(of) }),
        _ => null,
    };

    private static object[] Choices(InputDescriptor input) => [.. input.Options.Select(option => new { text = option, value = option })];

    /// <summary>A fork goes only the ways that it names.</summary>
    private static IReadOnlyList<string> FixedOutcomes(ActivityDescriptor of) => of.TypeName == "Elsa.FlowFork" ? [] : of.Outcomes;

    private static Dictionary<string, object> One(string hint, object specification) => new() { [hint] = specification };
}
