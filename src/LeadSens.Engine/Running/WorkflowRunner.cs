using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Runs instances: loads them under a lease, runs bursts, commits each, until nothing is left to do.</summary>
/// <param name="services">What activities ask for by <see cref="ActivityContext.Service{T}"/>.</param>
public sealed class WorkflowRunner(WorkflowStore store, IDefinitionSource definitions, IServiceProvider services, TimeProvider time, RunnerOptions options)
{
    /// <summary>What the store takes of a processor to write a byte of journal, about: it may have the same ones.</summary>
    private static readonly TimeSpan JournalByte = TimeSpan.FromMicroseconds(0.1);

    /// <summary>What the store and the work that it sets going take of the processors for a burst whose boxes write, about: measured with campaigns of ten leads.</summary>
    private static readonly TimeSpan Writes = TimeSpan.FromMilliseconds(8);

    /// <summary>How often a cancel takes the lease: two that cancel at once rob each other a few times.</summary>
    private const int MostSeizures = 20;

    /// <summary>Creates an instance durably and runs it on at once.</summary>
    public async Task<StartResult> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var (instance, definition, state, errors) = await NewAsync(request, cancellationToken);
        if (instance is null) return new StartResult(null, false, errors);
        if (await store.CreateAsync(instance, cancellationToken) is not { } leased)
        {
            return instance.Activation is { } activation && !await store.ExistsAsync(instance.Id, cancellationToken)
                ? new StartResult(null, false, [new DefinitionError(null, "activation", activation.Reason)]) { IsExcluded = true }
                : new StartResult(null, true, []);
        }

        return new StartResult(await UnderAsync(leased, () => RunAsync(leased, definition!, state!, cancellationToken)), false, []);
    }

    /// <summary>Makes an instance for the host to write, which any node may then take.</summary>
    public async Task<PreparedStart> PrepareAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var (instance, _, _, errors) = await NewAsync(request, cancellationToken);
        return new PreparedStart(instance, errors);
    }

    /// <summary>Runs bursts until nothing is left to do or the lease is lost. When the token is cancelled the burst ends after the box
    /// that runs, and once what was delivered is taken in; the instance is then Interrupted and any node may take it.</summary>
    /// <exception cref="InvalidOperationException">The definition cannot be had any more.</exception>
    public Task<RunResult> RunAsync(LeasedInstance instance, CancellationToken cancellationToken) => RunAsync(instance, isTurn: false, cancellationToken);

    /// <summary>As <see cref="RunAsync(LeasedInstance, CancellationToken)"/>, in a place that others wait for: one that has had its turn, which is one burst's worth of activities
    /// or time, and wants to go on gives its lease back.</summary>
    public Task<RunResult> RunTurnAsync(LeasedInstance instance, CancellationToken cancellationToken) => RunAsync(instance, isTurn: true, cancellationToken);

    /// <inheritdoc cref="CancelAsync(Guid, string?, CommitWrite?, CancellationToken)"/>
    public Task<RunResult?> CancelAsync(Guid instanceId, string? reason, CancellationToken cancellationToken) => CancelAsync(instanceId, reason, null, cancellationToken);

    /// <summary>Ends an instance as Cancelled, also while a burst of it runs. Null when it does not exist or has ended already; busy when others took its lease
    /// before each commit.</summary>
    /// <param name="note">Written in the transaction that cancels it.</param>
    public async Task<RunResult?> CancelAsync(Guid instanceId, string? reason, CommitWrite? note, CancellationToken cancellationToken)
    {
        // Whoever took the lease from this one may never commit: it is cancelled once a commit says so, or nothing is left to cancel.
        for (var seizure = 1; await store.SeizeAsync(instanceId, cancellationToken) is { } instance; seizure++)
        {
            var result = await UnderAsync(instance, () => CancelAsync(instance, reason, note, cancellationToken));
            if (result is not { Committed: false }) return result;
            if (seizure == MostSeizures) return result with { IsBusy = true };
        }

        return null;
    }

    /// <inheritdoc cref="RetryAsync(Guid, IReadOnlyCollection{string}?, CommitWrite?, CancellationToken)"/>
    public Task<RunResult?> RetryAsync(Guid instanceId, IReadOnlyCollection<string>? activityIds, CancellationToken cancellationToken) =>
        RetryAsync(instanceId, activityIds, null, cancellationToken);

    /// <summary>Schedules the faulted boxes again, durably, and runs the instance on. Null when it does not exist or has no faulted box;
    /// refused when it runs just now, or when another run that excludes it has not ended.</summary>
    /// <param name="activityIds">Only these boxes; all faulted ones when null.</param>
    /// <param name="note">Written in the transaction that schedules them.</param>
    public async Task<RunResult?> RetryAsync(Guid instanceId, IReadOnlyCollection<string>? activityIds, CommitWrite? note, CancellationToken cancellationToken) =>
        await store.ReviveAsync(instanceId, cancellationToken) switch
        {
            { Instance: { } instance } => await UnderAsync(instance, () => RetryAsync(instance, activityIds, note, cancellationToken)),
            { IsExcluded: false, IsBusy: false } => null,
            var refused => new RunResult(instanceId, WorkflowStatus.Running, WorkflowSubStatus.Faulted, false, [], new Dictionary<string, JsonElement>()) { IsExcluded = refused.IsExcluded, IsBusy = refused.IsBusy },
        };

    /// <inheritdoc cref="SetVariablesAsync(Guid, IReadOnlyDictionary{string, JsonElement}, CommitWrite?, CancellationToken)"/>
    public Task<IReadOnlyList<DefinitionError>?> SetVariablesAsync(Guid instanceId, IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken) =>
        SetVariablesAsync(instanceId, values, null, cancellationToken);

    /// <summary>Gives variables of an instance that waits other values: all of them or, when one does not fit, none. Null when the instance does not
    /// wait just now.</summary>
    /// <param name="values">By the variable's id.</param>
    /// <param name="note">Written in the transaction that changes them.</param>
    /// <returns>What does not fit; empty when it was done.</returns>
    public async Task<IReadOnlyList<DefinitionError>?> SetVariablesAsync(
        Guid instanceId, IReadOnlyDictionary<string, JsonElement> values, CommitWrite? note, CancellationToken cancellationToken) =>
        await store.TakeWaitingAsync(instanceId, cancellationToken) is { } instance ? await UnderAsync(instance, () => SetVariablesAsync(instance, values, note, cancellationToken)) : null;

    private async Task<RunResult?> CancelAsync(LeasedInstance instance, string? reason, CommitWrite? note, CancellationToken cancellationToken)
    {
        var definition = await DefinitionOfAsync(instance, cancellationToken);
        var state = StateReader.Read(instance.State, definition);
        if (state is { Status: WorkflowStatus.Finished, SubStatus: not WorkflowSubStatus.Faulted })
        {
            await store.ReleaseAsync(instance.Lease, CancellationToken.None);
            return null;
        }

        var burst = NewBurst(instance, definition, state);
        burst.End(WorkflowSubStatus.Cancelled, reason);
        var result = await CommitAsync(instance.Lease, burst, ended: true, note);
        return Result(instance.Lease.InstanceId, state, result.Committed);
    }

    private async Task<RunResult?> RetryAsync(LeasedInstance instance, IReadOnlyCollection<string>? activityIds, CommitWrite? note, CancellationToken cancellationToken)
    {
        var definition = await DefinitionOfAsync(instance, cancellationToken);
        var state = StateReader.Read(instance.State, definition);
        var burst = NewBurst(instance, definition, state);
        var retries = burst.Retry(activityIds);
        if (!retries && state.Status == WorkflowStatus.Finished)
        {
            await store.ReleaseAsync(instance.Lease, CancellationToken.None);
            return null;
        }

        var result = await CommitAsync(instance.Lease, burst, ended: false, retries ? note : null);
        // What had arrived holds the lease too; nobody else would take it in.
        var run = result.Lease is { } lease ? await RunAsync(instance with { Lease = lease, Inbox = result.Inbox }, definition, state, cancellationToken) : null;
        return retries && result.Committed ? run ?? Result(instance.Lease.InstanceId, state, committed: true) : null;
    }

    private async Task<IReadOnlyList<DefinitionError>?> SetVariablesAsync(
        LeasedInstance instance, IReadOnlyDictionary<string, JsonElement> values, CommitWrite? note, CancellationToken cancellationToken)
    {
        var definition = await DefinitionOfAsync(instance, cancellationToken);
        var state = StateReader.Read(instance.State, definition);
        var errors = GivenVariables.Set(state, definition, values);
        var result = await CommitAsync(instance.Lease, NewBurst(instance, definition, state), ended: false, errors.Count == 0 ? note : null);
        // What arrived meanwhile holds the lease; nobody else would take it in.
        if (result.Lease is { } lease) await RunAsync(instance with { Lease = lease, Inbox = result.Inbox }, definition, state, cancellationToken);
        return result.Committed ? errors : null;
    }

    private Task<RunResult> RunAsync(LeasedInstance instance, bool isTurn, CancellationToken cancellationToken) => UnderAsync(instance, async () =>
    {
        var definition = await DefinitionOfAsync(instance, cancellationToken);
        return await RunAsync(instance, definition, StateReader.Read(instance.State, definition), cancellationToken, isTurn);
    });

    /// <summary>Whatever breaks here breaks while this lease is held, and gives back this one alone.</summary>
    private async Task<T> UnderAsync<T>(LeasedInstance instance, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception error) when (options.OnBroke is not null)
        {
            await options.OnBroke(instance.Lease, error);
            if (options.IsRefused?.Invoke(error) == true) await StopAsync(instance.Lease.InstanceId, error);
            throw;
        }
    }

    /// <summary>What a burst did cannot be stored, however often it is done: the box with which it began becomes an incident, because running it again by itself would only call
    /// again whoever it calls outside.</summary>
    private async Task StopAsync(Guid instanceId, Exception refused)
    {
        if (await store.SeizeAsync(instanceId, CancellationToken.None) is not { } instance) return;
        try
        {
            var definition = await DefinitionOfAsync(instance, CancellationToken.None);
            var state = StateReader.Read(instance.State, definition);
            if (state.Status == WorkflowStatus.Finished)
            {
                await store.ReleaseAsync(instance.Lease, CancellationToken.None);
                return;
            }

            var burst = NewBurst(instance, definition, state);
            burst.Stop(instance.Inbox, box => new Fault("NotStored", $"What the run did from {box.Title} on cannot be stored ({refused.Message}). It is not run again by itself."));
            var result = await CommitAsync(instance.Lease, burst, ended: state.Status == WorkflowStatus.Finished);
            // Other branches of it go on.
            if (result.Lease is { } lease) await RunAsync(instance with { Lease = lease, Inbox = result.Inbox }, definition, state, CancellationToken.None);
        }
        catch (Exception error)
        {
            // Then it is tried again, as whatever breaks.
            await options.OnBroke!(instance.Lease, error);
        }
    }

    private async Task<RunResult> RunAsync(LeasedInstance instance, WorkflowDefinition definition, InstanceState state, CancellationToken cancellationToken, bool isTurn = false)
    {
        var (lease, inbox, deaths) = (instance.Lease, instance.Inbox, instance.Deaths);
        var (began, steps, outside) = (time.GetTimestamp(), 0, TimeSpan.Zero);
        while (true)
        {
            using var places = await BurstPlaces.TakeAsync(options.Places, options.Scripts ?? ScriptHosts.Shared, definition, instance.TenantId, cancellationToken);
            var burst = NewBurst(instance, definition, state, deaths > 0, places);
            var journal = state.Spent.JournalBytes;
            if (deaths < options.MostDeaths) await burst.RunAsync(inbox, cancellationToken);
            else
            {
                burst.StopDeadly(inbox, deaths);
                deaths = 1;
            }

            places.Charge(JournalByte * Math.Max(0, state.Spent.JournalBytes - journal));
            if (burst.Writes.Count + burst.Children.Count > 0) await places.WriteAsync(Writes);
            else places.Leave();
            (steps, outside) = (steps + burst.Steps, outside + burst.TimeOutside);
            var took = time.GetElapsedTime(began);
            var isOver = isTurn ? steps >= options.ActivitiesPerBurst || took >= options.BurstTime : took - outside >= options.CallerTime;
            if (isOver && state.SubStatus == WorkflowSubStatus.Executing) burst.EndTurn();
            var result = await CommitAsync(lease, burst, state.Status == WorkflowStatus.Finished);
            if (!result.Committed || result.Lease is null || state.Status == WorkflowStatus.Finished) return Result(lease.InstanceId, state, result.Committed);
            (lease, inbox) = (result.Lease, result.Inbox);
        }
    }

    /// <summary>A commit is not cancelled: what a burst did is either written or done again.</summary>
    private async Task<CommitResult> CommitAsync(InstanceLease lease, Burst burst, bool ended, CommitWrite? note = null)
    {
        var (state, definition) = (burst.State, burst.Definition);
        if (note is not null) burst.Writes.Add(note);
        if (ended)
        {
            var how = new EndedInstance(lease.InstanceId, burst.Context.TenantId, definition.DefinitionId, definition.Id, state.CorrelationId, state.SubStatus, [.. state.Incidents]);
            if (options.OnEnded?.Invoke(how) is { } write) burst.Writes.Add(write);
        }

        if (state.Parent is { } parent && (ended || parent.AtRest && !burst.RunAgain && state.SubStatus == WorkflowSubStatus.Suspended))
        {
            burst.Stimuli.Add(parent.Tell(lease.InstanceId, state));
            state.Parent = null;
        }

        return await store.CommitAsync(
            new BurstCommit(
                lease, StateWriter.Write(state), state.Status, state.SubStatus, state.Name, state.CorrelationId, state.Incidents.Count, burst.Added, burst.Burned, burst.Consumed,
                burst.Journal.Entries, burst.Writes, burst.Stimuli, burst.RunAgain) { Children = burst.Children },
            CancellationToken.None);
    }

    private Burst NewBurst(LeasedInstance instance, WorkflowDefinition definition, InstanceState state, bool isCautious = false, BurstPlaces.Held? places = null) =>
        new(instance.Lease.InstanceId, instance.TenantId, definition, state, definitions, services, time, options) { IsCautious = isCautious, Places = places };

    private async ValueTask<WorkflowDefinition> DefinitionOfAsync(LeasedInstance instance, CancellationToken cancellationToken) =>
        await definitions.FindAsync(instance.DefinitionVersionId, cancellationToken)
        ?? throw new InvalidOperationException($"Instance {instance.Lease.InstanceId} runs the definition '{instance.DefinitionVersionId}', which cannot be had.");

    private async ValueTask<(NewInstance? Instance, WorkflowDefinition? Definition, InstanceState? State, IReadOnlyList<DefinitionError> Errors)> NewAsync(StartRequest request, CancellationToken cancellationToken)
    {
        if (await definitions.FindAsync(request.DefinitionVersionId, cancellationToken) is not { } definition)
            return (null, null, null, [new DefinitionError(null, "", $"There is no definition '{request.DefinitionVersionId}'.")]);
        var errors = new List<DefinitionError>();
        var state = NewState.Of(definition, request.Input, errors, request);
        var activation = ActivationStrategies.Of(definition, state.CorrelationId, errors);
        if (errors.Count > 0) return (null, definition, state, errors);
        var instance = new NewInstance(
            request.InstanceId, request.TenantId, definition.DefinitionId, definition.Id, definition.Version, state.CorrelationId, state.Name, StateWriter.Write(state))
            { Activation = activation, DefinitionStamp = request.DefinitionStamp };
        return (instance, definition, state, errors);
    }

    private static RunResult Result(Guid instanceId, InstanceState state, bool committed) => new(
        instanceId, state.Status, state.SubStatus, committed, [.. state.Incidents], state.Output.ToDictionary(output => output.Key, output => Value.ToElement(output.Value)));
}
