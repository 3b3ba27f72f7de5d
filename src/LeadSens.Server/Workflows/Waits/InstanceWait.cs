using LeadSens.Engine;
using LeadSens.Server.Api;

namespace LeadSens.Server.Workflows.Waits;

/// <summary>A box that waits.</summary>
/// <param name="Box">What the graph calls it.</param>
/// <param name="Kind">approval, batch, timer, event, task, child, children, stuck or other.</param>
/// <param name="For">What it waits for, in words.</param>
/// <param name="Since">When it began to wait.</param>
/// <param name="Until">When the wait ends by itself; null: only what it waits for ends it.</param>
/// <param name="Problem">What keeps it from going on: a provider that is down, a used-up budget; null: nothing does.</param>
/// <param name="Id">Of the approval, the batch or the child instance; null for other kinds.</param>
internal sealed record InstanceWait(
    string ActivityId, string NodeId, string Box,
    [property: OneOf("WaitKind", "approval", "batch", "timer", "event", "task", "child", "children", "stuck", "other")] string Kind, string For, DateTimeOffset Since, DateTimeOffset? Until, string? Problem, Guid? Id)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Words => $"{Box}: {For}{(Until is { } until ? $", {until:u}" : "")}";
}

/// <summary>A box that faulted; a retry runs it again.</summary>
internal sealed record InstanceFault(string ActivityId, string NodeId, string Box, string Message, DateTimeOffset At);

/// <summary>Why a run does not go on.</summary>
/// <param name="Held">What holds the run as a whole: it is paused, its last burst broke; null: nothing does.</param>
internal sealed record InstanceWaits(
    Guid InstanceId, [property: OneOf(typeof(WorkflowStatus))] string Status, [property: OneOf(typeof(WorkflowSubStatus))] string SubStatus, string? Held, IReadOnlyList<InstanceWait> Waits, IReadOnlyList<InstanceFault> Faults);
