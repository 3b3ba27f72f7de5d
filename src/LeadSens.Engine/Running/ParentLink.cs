using System.Text.Json.Nodes;

namespace LeadSens.Engine;

/// <summary>Whom an instance tells how it went: the box that started it.</summary>
/// <param name="Key">Of the bookmark that waits for it.</param>
/// <param name="AtRest">True when it is told as soon as the instance waits for something; false when only its end counts.</param>
internal sealed record ParentLink(string Key, bool AtRest = false)
{
    /// <summary>How an instance ended that was refused.</summary>
    public const string Refused = "Refused";

    /// <summary>The stimulus that carries that it was refused.</summary>
    public Stimulus TellRefusal(Guid instanceId, Activation activation) => new(Key, $"child:{instanceId}", StimulusKind.Directed, new JsonObject
    {
        ["WorkflowInstanceId"] = instanceId,
        ["Status"] = nameof(WorkflowStatus.Finished),
        ["SubStatus"] = Refused,
        ["Reason"] = activation.Reason,
        ["Output"] = new JsonObject(),
    });

    /// <summary>The stimulus that carries how it went, in the transaction that made it so.</summary>
    public Stimulus Tell(Guid instanceId, InstanceState state)
    {
        var output = new JsonObject();
        foreach (var (name, value) in state.Output) output[name] = JsonNode.Parse(Value.ToElement(value).GetRawText());
        return new Stimulus(Key, $"child:{instanceId}", StimulusKind.Directed, new JsonObject
        {
            ["WorkflowInstanceId"] = instanceId,
            ["Status"] = state.Status.ToString(),
            ["SubStatus"] = state.SubStatus.ToString(),
            ["Output"] = output,
        });
    }
}
