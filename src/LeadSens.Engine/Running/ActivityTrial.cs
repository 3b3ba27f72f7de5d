using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Runs a workflow in memory to try one of its boxes out. Nothing outside is touched: a box that would do so faults and says that a trial
/// does not do it.</summary>
public sealed class ActivityTrial : IDefinitionSource, IServiceProvider
{
    private readonly WorkflowDefinition _definition;
    private readonly InMemoryWorkflowStore _store;
    private readonly WorkflowRunner _runner;

    private ActivityTrial(WorkflowDefinition definition, TimeProvider time)
    {
        _definition = definition;
        _store = new InMemoryWorkflowStore(time);
        _runner = new WorkflowRunner(_store, this, this, time, new RunnerOptions { IsTrial = true, OnTask = _ => throw new TrialException("asks somebody for a task") });
    }

    /// <summary>Runs until nothing is left to do, or until the token is cancelled.</summary>
    /// <param name="activityId">The box to tell about.</param>
    public static async Task<TrialResult> RunAsync(WorkflowDefinition definition, string activityId, Guid tenantId, TimeProvider time, CancellationToken cancellationToken)
    {
        var trial = new ActivityTrial(definition, time);
        var id = Guid.CreateVersion7();
        var started = await trial._runner.StartAsync(new StartRequest(id, tenantId, definition.Id), cancellationToken);
        if (started.Run is not { } run) throw new InvalidOperationException("A trial does not start: " + string.Join(" ", started.Errors.Select(error => error.Message)));
        var entries = trial._store.Journal(id).Where(entry => entry.ActivityId == activityId).ToList();
        var last = entries.Count == 0 ? null : entries[^1];
        return new TrialResult(
            last?.EventName ?? "Started", last?.Payload is { } payload ? JsonElement.Parse(payload) : default, last?.Message,
            run.Incidents.OrderByDescending(incident => incident.ActivityId == activityId).FirstOrDefault()?.Fault, run.SubStatus);
    }

    /// <inheritdoc/>
    public ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(definitionVersionId == _definition.Id ? _definition : null);

    /// <inheritdoc/>
    public ValueTask<WorkflowDefinition?> FindPublishedAsync(Guid tenantId, string definitionId, CancellationToken cancellationToken) => throw new TrialException("starts another workflow");

    /// <inheritdoc/>
    public object? GetService(Type serviceType) => throw new TrialException("acts outside of the workflow");
}

/// <summary>How a box behaved.</summary>
/// <param name="EventName">The last event of the box: Completed, Suspended, Faulted, …</param>
/// <param name="Payload">Its outcomes and outputs, as in the journal; undefined when there are none.</param>
/// <param name="Message">For what it waits.</param>
/// <param name="SubStatus">Interrupted when there was not enough time.</param>
public sealed record TrialResult(string EventName, JsonElement Payload, string? Message, Fault? Fault, WorkflowSubStatus SubStatus);

/// <summary>A box would have touched something outside.</summary>
internal sealed class TrialException(string what) : Exception($"This activity {what}, and a test does not do that. Run the workflow to see it.");
