using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>A box that starts an instance of another workflow and may wait for it.</summary>
public abstract class ChildWorkflow : Activity
{
    [Input(DisplayName = "Workflow Definition", Description = "The workflow, of which the published version is run.", UiHint = "workflow-definition-picker")]
    public Input<string> WorkflowDefinitionId { get; } = new();

    [Input(DisplayName = "Correlation ID", Description = "The new instance's correlation id.", Order = 1)]
    public Input<string> CorrelationId { get; } = new();

    [Input(Description = "Values for the workflow's inputs, by name.", UiHint = "dictionary", DefaultSyntax = "Object", Order = 2)]
    public Input<JsonObject> Input { get; } = new();

    [Input(Description = "Wait until the instance has ended.", Order = 3)]
    public Input<bool> WaitForCompletion { get; } = new();

    [Output(Description = "How the instance went.")]
    public Output<JsonElement> Result { get; } = new();

    /// <summary>True when the box at least waits until the instance comes to rest.</summary>
    private protected abstract bool WaitsForRest { get; }

    /// <inheritdoc/>
    public sealed override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.Resumption is { } resumption)
        {
            if (resumption.Payload.Text("SubStatus") == ParentLink.Refused) return Fault("CannotStart", $"The {Title} could not start its workflow. {resumption.Payload.Text("Reason")}");
            context.Set(Result, ResultOf(resumption.Payload));
            return Done;
        }

        var definitionId = context.Get(WorkflowDefinitionId);
        var ends = context.Get(WaitForCompletion);
        var child = Guid.CreateVersion7();
        var key = $"child:{child}";
        var input = context.Get(Input)?.DeepClone().AsObject() ?? [];
        (await ChildStarter.ForAsync(context, definitionId, 1)).Add(child, context.Get(CorrelationId), input, ends || WaitsForRest ? new ParentLink(key, AtRest: !ends) : null);
        context.Note("childInstanceId", child);
        if (!ends && !WaitsForRest) return Done;
        return WaitFor(new BookmarkRequest("child", key, new JsonObject { ["ChildInstanceId"] = child }) { WaitsFor = $"Workflow '{definitionId}'" });
    }

    /// <summary>What of the child's message is the result.</summary>
    private protected abstract JsonElement ResultOf(JsonElement message);
}

/// <summary>Runs another workflow: waits for its end, or until it waits for something itself. The result is an object with WorkflowInstanceId,
/// Status, SubStatus and Output. A faulted workflow does not fault this one.</summary>
[Activity("Elsa", Category = "Composition", DisplayName = "Execute Workflow", Description = "Runs another workflow.", Kind = ActivityKind.Task)]
public sealed class ExecuteWorkflow : ChildWorkflow
{
    private protected override bool WaitsForRest => true;

    private protected override JsonElement ResultOf(JsonElement message) => message;
}

/// <summary>Starts another workflow and goes on, or waits for its end. The result is its outputs by name, when it was waited for.</summary>
[Activity("Elsa", Category = "Composition", DisplayName = "Dispatch Workflow", Description = "Starts another workflow.")]
public sealed class DispatchWorkflow : ChildWorkflow
{
    [Input(Description = "Begin a new trace.", Category = "Open Telemetry", Order = 4)]
    public Input<bool> StartNewTrace { get; } = new();

    [Input(DisplayName = "Channel", Description = "Has no effect: every node may run the instance.", Order = 5)]
    public Input<string> ChannelName { get; } = new();

    private protected override bool WaitsForRest => false;

    private protected override JsonElement ResultOf(JsonElement message) => message.Property("Output") ?? default;
}
