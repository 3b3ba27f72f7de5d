namespace LeadSens.Engine.BuiltIn;

/// <summary>Ends with the names of all its branches, so that all are followed at once; with Done when it names none.</summary>
[Activity("Elsa", Category = "Branching", DisplayName = "Fork (flow)", Description = "Goes several ways at once.")]
public sealed class FlowFork : Activity
{
    [Input(Description = "The names of the branches.", UiHint = "dynamic-outcomes", DefaultSyntax = "Object")]
    public Input<ICollection<string>> Branches { get; } = new();

    internal override IReadOnlyList<string>? Outcomes => Branches.Expression is not null ? null : Branches.Constant is { } names ? [.. names] : ["Done"];

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) =>
        ValueTask.FromResult(context.Get(Branches) is { } names ? Complete([.. names]) : Done);
}
