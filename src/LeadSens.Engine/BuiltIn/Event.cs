using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Waits for an event by name, sent to all who wait for it in the tenant at that moment.</summary>
[Activity("Elsa", Category = "Primitives", Description = "Waits for an event.", Kind = ActivityKind.Trigger)]
public sealed class Event : TriggerActivity
{
    [Input(Description = "The event's name.")]
    public Input<string> EventName { get; } = new();

    [Output(Description = "What the event carried.")]
    public Output<JsonElement> Result { get; } = new();

    /// <summary>The key of the broadcast that resumes events of this name.</summary>
    public static string Key(Guid tenantId, string eventName) => $"event:{tenantId}:{eventName}";

    /// <inheritdoc/>
    public override IEnumerable<TriggerRequest> Triggers(TriggerContext context)
    {
        var name = context.Get(EventName);
        if (!string.IsNullOrWhiteSpace(name)) return [new TriggerRequest(Key(context.TenantId, name), new JsonObject { [nameof(EventName)] = name })];
        context.Error("eventName", $"The {Title} starts the workflow, but names no event.");
        return [];
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.IsTrigger || context.Resumption is not null)
        {
            context.Set(Result, context.Stimulus);
            return ValueTask.FromResult(Done);
        }

        var name = context.Get(EventName);
        if (string.IsNullOrWhiteSpace(name)) return ValueTask.FromResult(Fault("NoEventName", $"The {Title} names no event."));
        return ValueTask.FromResult(WaitFor(new BookmarkRequest("event", Key(context.TenantId, name)) { WaitsFor = $"Event '{name}'" }));
    }
}

/// <summary>Fails on purpose; becomes an incident.</summary>
[Activity("Elsa", Name = "Fault", Category = "Primitives", Description = "Fails on purpose.", Outcomes = [])]
public sealed class FaultActivity : Activity
{
    [Input(Description = "A stable code.")]
    public Input<string> Code { get; } = new();

    [Input(Description = "A group of faults.", Order = 1)]
    public Input<string> Category { get; } = new();

    [Input(Description = "Who has to look at it.", Order = 2)]
    public Input<string> FaultType { get; } = new();

    [Input(Description = "What happened.", Order = 3)]
    public Input<string> Message { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) =>
        ValueTask.FromResult(Fault(context.Get(Code) is { Length: > 0 } code ? code : "Fault", context.Get(Message) ?? ""));
}
