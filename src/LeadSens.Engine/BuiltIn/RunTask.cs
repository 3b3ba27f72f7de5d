using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Asks the application for a task and waits until it is reported as done; the report's payload is the result.</summary>
[Activity("Elsa", Category = "Primitives", DisplayName = "Run Task", Description = "Has the application do a task.")]
public sealed class RunTask : Activity
{
    [Input(Description = "What is to be done.")]
    public Input<string> TaskName { get; } = new();

    [Input(Description = "With what, by name.", UiHint = "dictionary", DefaultSyntax = "Object", Order = 1)]
    public Input<JsonObject> Payload { get; } = new();

    [Output(Description = "By which the task is reported as done.")]
    public Output<string> TaskId { get; } = new();

    [Output(Description = "What the report carried.", Order = 1)]
    public Output<JsonElement> Result { get; } = new();

    /// <summary>The key of the directed stimulus that reports a task as done.</summary>
    public static string Key(string taskId) => $"task:{taskId}";

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.Resumption is { } resumption)
        {
            context.Set(Result, resumption.Payload);
            return ValueTask.FromResult(Done);
        }

        var name = context.Get(TaskName);
        if (string.IsNullOrWhiteSpace(name)) return ValueTask.FromResult(Fault("NoTaskName", $"The {Title} names no task."));
        var id = Guid.CreateVersion7().ToString();
        context.Set(TaskId, id);
        var request = new TaskRequest(context.InstanceId, context.TenantId, id, name, context.Get(Payload));
        if (((BurstContext)context).Options.OnTask?.Invoke(request) is { } write) context.Enlist(write);
        return ValueTask.FromResult(WaitFor(new BookmarkRequest("task", Key(id), new JsonObject { [nameof(TaskId)] = id, [nameof(TaskName)] = name }) { WaitsFor = $"Task '{name}'" }));
    }
}
