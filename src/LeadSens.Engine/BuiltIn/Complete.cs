using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Completes the workflow that it stands in; one that is used as a box then ends with these outcomes. Inside a plain nested container
/// it faults, as it does in Elsa.</summary>
[Activity("Elsa", Category = "Composition", Description = "Completes the workflow.", Outcomes = [], IsTerminal = true)]
public sealed class Complete : Activity
{
    [Input(Description = "With what the workflow ends where it is used as an activity: a name or a list of names; Done when empty.", UiHint = "outcome-picker", DefaultSyntax = "Object")]
    public new Input<object> Outcomes { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var outermost = WorkflowActivity.Around(this);
        var isRoot = Parent == outermost;
        if (!isRoot && Parent?.Parent != outermost) return ValueTask.FromResult(Fault("NoComposite", $"The {Title} completes a workflow, but stands in a nested container."));
        if (outermost is null) return ValueTask.FromResult<ActivityResult>(new ActivityResult.Ending());
        var burst = (BurstContext)context;
        burst.CompositeOutcomes = Names(context.Get(Outcomes));
        if (!isRoot) EndRoot(burst.Burst, burst.Scope.Current);
        return ValueTask.FromResult(Done);
    }

    /// <summary>Has the container around this box end with it, whatever its kind.</summary>
    private static void EndRoot(Burst burst, Execution self)
    {
        foreach (var sibling in burst.ChildrenOf(self.Parent!))
        {
            if (sibling != self) burst.Cancel(sibling);
        }

        ((Container)self.Parent!.Activity).Break(self.Parent);
    }

    private static string[] Names(object? outcomes) => outcomes switch
    {
        null or "" => ["Done"],
        JsonElement { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(name => name.ToString())],
        _ => [outcomes.ToString()!],
    };
}
