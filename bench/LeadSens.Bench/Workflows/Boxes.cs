using LeadSens.Engine;

namespace LeadSens.Bench.Workflows;

/// <summary>Does nothing: what a run of it costs is the engine's own.</summary>
[Activity("Bench", Description = "Does nothing.")]
public sealed class NoOp : Activity
{
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Done);
}

/// <summary>Takes one value and does nothing with it.</summary>
[Activity("Bench", Description = "Takes a value.")]
public sealed class Take : Activity
{
    [Input]
    public Input<long> Value { get; } = new();

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) =>
        ValueTask.FromResult(context.Get(Value) > 0 ? Done : Fault("NoValue", "The expression gave no value."));
}

/// <summary>Waits for the one stimulus to its instance.</summary>
[Activity("Bench", Description = "Waits.")]
public sealed class Wait : Activity
{
    public static string Key(Guid instanceId) => $"bench:{instanceId}";

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) =>
        ValueTask.FromResult(context.Resumption is null ? WaitFor(new BookmarkRequest("wait", Key(context.InstanceId))) : Done);
}
