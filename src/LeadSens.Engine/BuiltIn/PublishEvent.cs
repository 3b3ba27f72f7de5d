using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Sends an event to the instances that wait for it now: to all, to those with a correlation id, or to this one alone.</summary>
[Activity("Elsa", Category = "Primitives", DisplayName = "Publish Event", Description = "Publishes an event.")]
public sealed class PublishEvent : Activity
{
    [Input(Description = "The event's name.")]
    public Input<string> EventName { get; } = new();

    [Input(DisplayName = "Correlation ID", Description = "Only instances with this correlation id get the event.", Order = 1)]
    public Input<string> CorrelationId { get; } = new();

    [Input(DisplayName = "Local event", Description = "Only this instance gets the event.", Order = 2)]
    public Input<bool> IsLocalEvent { get; } = new();

    [Input(Description = "What the event carries.", Order = 3)]
    public Input<object> Payload { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var (name, correlation) = (context.Get(EventName), context.Get(CorrelationId));
        if (string.IsNullOrWhiteSpace(name)) return ValueTask.FromResult(Fault("NoEventName", $"The {Title} names no event."));
        var payload = context.Get(Payload) is { } value ? JsonNode.Parse(Value.ToElement(value).GetRawText()) : null;
        context.Send(new Stimulus(Event.Key(context.TenantId, name), $"publish:{context.ExecutionId}", StimulusKind.Broadcast, payload)
        {
            InstanceId = context.Get(IsLocalEvent) ? context.InstanceId : null,
            CorrelationId = string.IsNullOrWhiteSpace(correlation) ? null : correlation,
        });
        return ValueTask.FromResult(Done);
    }
}
