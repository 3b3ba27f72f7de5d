using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>A box of a type that nobody registered. It keeps its place in the graph; a definition with one may not run.</summary>
internal sealed class UnknownActivity : Activity
{
    /// <summary>The box as it was written.</summary>
    public required JsonElement Json { get; init; }

    internal override IReadOnlyList<string>? Outcomes => null;

    public static ActivityDescriptor Describe(string typeName) => new(
        typeName, "", typeName, 1, "", typeName, null, ActivityKind.Action, [], [], [], [], IsContainer: false, IsTerminal: false, IsStart: false, IsBrowsable: false);

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Fault("UnknownActivity", $"Nobody registered the type '{TypeName}'."));
}
