namespace LeadSens.Engine;

/// <summary>Runs instances: loads them under a lease, runs bursts, commits each, until nothing is left to do.</summary>
/// <param name="services">What activities ask for by <see cref="ActivityContext.Service{T}"/>.</param>
public sealed class WorkflowRunner(WorkflowStore store, IDefinitionSource definitions, IServiceProvider services, TimeProvider time, RunnerOptions options)
{
    /// <summary>Creates an instance durably and runs it on at once.</summary>
    public Task<StartResult> StartAsync(StartRequest request, CancellationToken cancellationToken) => throw new NotSupportedException($"{store}{definitions}{services}{time}{options}");

    /// <summary>Runs bursts until nothing is left to do or the lease is lost. When the token is cancelled the burst ends after the box
    /// that runs; the instance is then Interrupted and any node may take it.</summary>
    public Task<RunResult> RunAsync(LeasedInstance instance, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Ends an instance as Cancelled, also while a burst of it runs. Null when it does not exist or has ended already.</summary>
    public Task<RunResult?> CancelAsync(Guid instanceId, string? reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Schedules the faulted boxes again and runs the instance on. Null when it does not exist or has no faulted box.</summary>
    /// <param name="activityIds">Only these boxes; all faulted ones when null.</param>
    public Task<RunResult?> RetryAsync(Guid instanceId, IReadOnlyCollection<string>? activityIds, CancellationToken cancellationToken) => throw new NotSupportedException();
}
