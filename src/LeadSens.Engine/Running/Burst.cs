namespace LeadSens.Engine;

/// <summary>One burst: takes the next scheduled activity, evaluates its inputs, executes it, applies its result, schedules what follows, until
/// nothing is runnable. It changes the state in memory and collects what its commit will write.</summary>
internal sealed class Burst
{
    private readonly InstanceState _state;
    private readonly RunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly BurstContext _context;

    public Burst(Guid instanceId, Guid tenantId, WorkflowDefinition definition, InstanceState state, IDefinitionSource definitions, IServiceProvider services, TimeProvider time, RunnerOptions options)
    {
        (Definition, _state, _time, _options) = (definition, state, time, options);
        Journal = new Journal(state, time);
        _context = new BurstContext(this, new Scope(instanceId, tenantId, definition, state) { EventLink = options.EventLink, Scripts = options.Scripts ?? ScriptHosts.Shared }, definitions, services, time, options);
    }

    public WorkflowDefinition Definition { get; }
    public InstanceState State => _state;
    public BurstContext Context => _context;
    public Journal Journal { get; }
    public List<Bookmark> Added { get; } = [];
    public List<Guid> Burned { get; } = [];
    public List<Guid> Consumed { get; } = [];
    public List<CommitWrite> Writes { get; } = [];
    public List<Stimulus> Stimuli { get; } = [];
    public List<NewInstance> Children { get; } = [];

    /// <summary>What the family had started before this burst; null: not asked yet.</summary>
    public int? Started { get; set; }

    /// <summary>True when the burst stopped at its limit and wants to go on.</summary>
    public bool RunAgain { get; private set; }

    /// <summary>Activities that it executed or resumed.</summary>
    public int Steps { get; private set; }

    /// <summary>How long its boxes waited for somebody outside.</summary>
    public TimeSpan TimeOutside { get; private set; }

    /// <summary>What it computes in; null: nobody shares it.</summary>
    public BurstPlaces.Held? Places { get => _context.Scope.Places; init => _context.Scope.Places = value; }

    /// <summary>Commits after each activity, because nodes died with this instance: the next one that does has died in the box that is committed as the next.</summary>
    public bool IsCautious { get; init; }

    /// <summary>Stopped until somebody retries it: what is scheduled stays so.</summary>
    private bool IsStopped => _state.Incidents.Exists(static incident => incident.Fault.Type == RunBudget.Exceeded);

    /// <summary>Runs until nothing is runnable, a limit is met or the token is cancelled. What was delivered is taken in also when it was
    /// cancelled before: the store gives a lease back only with an empty inbox.</summary>
    public async ValueTask RunAsync(IReadOnlyList<Resumption> inbox, CancellationToken cancellationToken)
    {
        var delivering = cancellationToken.IsCancellationRequested ? CancellationToken.None : cancellationToken;
        _context.Token = delivering;
        var started = _time.GetTimestamp();
        var steps = 0;
        BeginBudget();
        var waits = inbox.Count == 0 ? null : Waits();
        foreach (var resumption in inbox)
        {
            if (Limit(ref steps, started, delivering)) break;
            if (!await ResumeAsync(resumption, waits!, delivering)) break;
        }

        _context.Token = cancellationToken;

        var stopped = IsStopped;
        while (_state.Status == WorkflowStatus.Running && !stopped && _state.Scheduled.TryPeek(out var execution))
        {
            if (execution.Status == ExecutionStatus.Scheduled)
            {
                if (HasSpentAll)
                {
                    Fail(execution, _options.Budget!.Fault);
                    break;
                }

                if (NeedsCommit(execution, steps, cancellationToken) || Limit(ref steps, started, cancellationToken) || !await StepAsync(execution, null, null, cancellationToken) || IsStopped) break;
            }

            _state.Scheduled.TryDequeue(out _);
        }

        Settle(cancellationToken.IsCancellationRequested);
    }

    /// <summary>Does not run the box in which nodes died, but makes an incident of it.</summary>
    public void StopDeadly(IReadOnlyList<Resumption> inbox, int deaths) => Stop(inbox, box => new Fault(
        "NodeDied", $"The Server died {deaths} times in a row while it ran {box.Title}, so it is not run again by itself. Retry it when what ended the Server is mended."));

    /// <summary>Does not run the next box, but makes an incident of it: the one that takes in what arrived, else the first that is scheduled.</summary>
    public void Stop(IReadOnlyList<Resumption> inbox, Func<Activity, Fault> why)
    {
        Execution? next = null;
        var waits = inbox.Count == 0 ? null : Waits();
        foreach (var resumption in inbox)
        {
            Consumed.Add(resumption.Id);
            if (waits!.TryGetValue(resumption.BookmarkId, out var found) && (next = found.Item1) is not null) break;
        }

        next ??= _state.Scheduled.FirstOrDefault(static execution => execution.Status == ExecutionStatus.Scheduled);
        if (next is not null) Fail(next, why(next.Activity));
        while (_state.Scheduled.TryPeek(out var first) && first.Status != ExecutionStatus.Scheduled) _state.Scheduled.Dequeue();
        RunAgain = _state.Scheduled.Count > 0;
        Settle(interrupted: false);
    }

    /// <summary>What is left to do waits until it is this instance's turn again.</summary>
    public void EndTurn() => RunAgain = false;

    /// <summary>Schedules a child of a container.</summary>
    public Execution Schedule(Activity activity, Execution parent) => _state.Schedule(activity, parent);

    /// <summary>Ends an execution and everything inside it as cancelled.</summary>
    public void Cancel(Execution execution, string? reason = null)
    {
        if (execution.Status == ExecutionStatus.Ended) return;
        if (execution.Children > 0) CancelChildren(execution);
        if (execution.Status != ExecutionStatus.Scheduled || execution.Parent is null) Journal.Add(execution, "Canceled", reason, null);
        Burn(execution);
        _state.Remove(execution);
    }

    public void CancelChildren(Execution parent)
    {
        foreach (var child in ChildrenOf(parent)) Cancel(child);
    }

    public List<Execution> ChildrenOf(Execution parent) => _state.Active.FindAll(execution => execution.Parent == parent);

    /// <summary>Ends the instance; what is still active is cancelled.</summary>
    public void End(WorkflowSubStatus how, string? reason = null)
    {
        foreach (var execution in _state.Active.FindAll(execution => execution.Parent is null)) Cancel(execution, reason);
        _state.Scheduled.Clear();
        (_state.Status, _state.SubStatus) = (WorkflowStatus.Finished, how);
    }

    /// <summary>Schedules faulted boxes again. False when there is none of them.</summary>
    public bool Retry(IReadOnlyCollection<string>? activityIds)
    {
        var faulted = _state.Active.FindAll(execution => execution.Status == ExecutionStatus.Faulted && (activityIds is null || activityIds.Contains(execution.Activity.Id)));
        foreach (var execution in faulted)
        {
            // Whoever retries what has spent its budget grants it another.
            if (_state.Incidents.RemoveAll(incident => incident.ExecutionId == execution.Id && incident.Fault.Type == RunBudget.Exceeded) > 0)
                (_state.Spent, _state.Family) = (default, _state.Family with { Depth = 0, Since = _time.GetUtcNow() });
            _state.Incidents.RemoveAll(incident => incident.ExecutionId == execution.Id);
            var again = _state.Schedule(execution.Activity, execution.Parent);
            again.Variables = execution.Variables?.Where(variable => variable.Key.IsPerChild).ToDictionary();
            _state.Remove(execution);
        }

        if (faulted.Count > 0) (_state.Status, _state.SubStatus, RunAgain) = (WorkflowStatus.Running, WorkflowSubStatus.Executing, true);
        return faulted.Count > 0;
    }

    private bool HasSpentAll => _options.Budget is { } budget && _state.Spent.Reaches(budget);

    private void BeginBudget()
    {
        if (_options.Budget is not { } budget) return;
        var now = _time.GetUtcNow();
        if (now - _state.Spent.Since >= budget.Per || now < _state.Spent.Since) _state.Spent = new Spent(now, 0, 0);
    }

    /// <summary>True when the burst has to end. The first box always runs, so that every burst gets on.</summary>
    private bool Limit(ref int steps, long started, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return true;
        RunAgain = ++steps > 1 && (steps > (IsCautious ? 1 : _options.ActivitiesPerBurst) || _time.GetElapsedTime(started) >= _options.BurstTime);
        return RunAgain;
    }

    /// <summary>A box that acts outside begins its burst.</summary>
    private bool NeedsCommit(Execution execution, int steps, CancellationToken cancellationToken) =>
        steps > 0 && execution.Activity.ActsOutside && !cancellationToken.IsCancellationRequested && (RunAgain = true);

    private Dictionary<Guid, (Execution, Wait)> Waits()
    {
        var waits = new Dictionary<Guid, (Execution, Wait)>();
        foreach (var execution in _state.Active)
        {
            foreach (var wait in execution.Waits ?? []) waits.Add(wait.Id, (execution, wait));
        }

        return waits;
    }

    /// <summary>Hands a resumption to the box that waits for it. One that came too late is consumed without effect.</summary>
    private async ValueTask<bool> ResumeAsync(Resumption resumption, Dictionary<Guid, (Execution Execution, Wait Wait)> waits, CancellationToken cancellationToken)
    {
        if (waits.TryGetValue(resumption.BookmarkId, out var found) && found.Execution.Status == ExecutionStatus.Waiting && _state.Status == WorkflowStatus.Running)
        {
            if (!await StepAsync(found.Execution, found.Wait, resumption, cancellationToken)) return false;
        }

        Consumed.Add(resumption.Id);
        return true;
    }

    /// <summary>Runs one box. False when the shutdown stopped it: then it is as if it had not been tried.</summary>
    private async ValueTask<bool> StepAsync(Execution execution, Wait? wait, Resumption? resumption, CancellationToken cancellationToken)
    {
        var activity = execution.Activity;
        var entries = Journal.Count;
        Steps++;
        _state.Spent = _state.Spent with { Activities = _state.Spent.Activities + 1 };
        Journal.Add(execution, resumption is null ? "Started" : "Resumed", null, null);
        _context.Enter(execution, wait, resumption);
        try
        {
            if (activity is Container { IsExecuted: false } container) Begin(container, execution);
            else
            {
                // A container that is resumed once per child would read its items each time.
                if (resumption is null || activity is not Container) _context.Evaluate();
                Apply(execution, wait, await ExecuteAsync(activity));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Journal.Truncate(entries);
            _context.Scope.Undo();
            return false;
        }
        catch (BudgetException exception)
        {
            Fail(execution, new Fault(RunBudget.Exceeded, exception.Message));
        }
        catch (ExpressionException exception)
        {
            Fail(execution, new Fault("ExpressionError", exception.Message));
        }
        catch (Exception exception) when (_options.IsOutage?.Invoke(exception) != true)
        {
            Fail(execution, Thrown(exception));
        }

        return true;
    }

    private async ValueTask<ActivityResult> ExecuteAsync(Activity activity)
    {
        if (!activity.ActsOutside) return await activity.ExecuteAsync(_context);
        var began = _time.GetTimestamp();
        Places?.Leave();
        try
        {
            return await activity.ExecuteAsync(_context);
        }
        finally
        {
            TimeOutside += _time.GetElapsedTime(began);
            if (Places is { } places) await places.ReturnAsync(_context.Token);
        }
    }

    private void Begin(Container container, Execution execution)
    {
        execution.Status = ExecutionStatus.Running;
        if (container.Begin(this, execution) is { } outcomes) Complete(execution, outcomes);
    }

    private void Apply(Execution execution, Wait? resumed, ActivityResult result)
    {
        if (result is ActivityResult.Faulted faulted)
        {
            Fail(execution, faulted.Fault);
            return;
        }

        if (!KeysFit(result))
        {
            Fail(execution, new Fault("KeyTooLong", KeyLength.Problem($"What {execution.Activity.Title} waits for or sends (an event's name, a correlation id)")));
            return;
        }

        if (resumed is { Stays: false }) Burn(execution, resumed);
        Writes.AddRange(_context.Writes);
        Stimuli.AddRange(_context.Stimuli);
        Children.AddRange(_context.Children);
        switch (result)
        {
            case ActivityResult.Completed completed:
                Complete(execution, completed.Outcomes);
                break;
            case ActivityResult.Waiting waiting:
                Suspend(execution, waiting.Bookmarks);
                TellOfWait(execution);
                break;
            case ActivityResult.Containing when execution.Activity is Container:
                execution.Status = ExecutionStatus.Running;
                break;
            case ActivityResult.Ending:
                Journal.Add(execution, "Completed", null, _context.Payload(Container.DoneOutcome));
                _state.Remove(execution);
                End(Ended());
                break;
            default:
                throw new InvalidOperationException($"{execution.Activity.GetType().Name} is no container.");
        }
    }

    /// <summary>What no store could keep is the box's fault, and not that of each of its commits.</summary>
    private bool KeysFit(ActivityResult result)
    {
        foreach (var stimulus in _context.Stimuli)
            if (!KeyLength.Fits(stimulus.Key) || !KeyLength.Fits(stimulus.CorrelationId)) return false;
        return result is not ActivityResult.Waiting waiting || waiting.Bookmarks.All(static request => KeyLength.Fits(request.Key));
    }

    /// <summary>Tells the containers of a box, from the inside out, that it waits, until one of them does not wait with it.</summary>
    private void TellOfWait(Execution waiting)
    {
        for (var child = waiting; waiting.Status == ExecutionStatus.Waiting && child.Parent is { } parent; child = parent)
        {
            if (((Container)parent.Activity).ChildSuspended(this, parent, child) is { } ended) Complete(parent, ended);
        }
    }

    /// <summary>Ends a box and tells its container, which may end in turn.</summary>
    private void Complete(Execution execution, IReadOnlyList<string> outcomes)
    {
        var payload = execution.Activity is Container { IsExecuted: false } ? BurstContext.ContainerPayload(outcomes) : _context.Payload(outcomes);
        while (true)
        {
            Journal.Add(execution, "Completed", null, payload);
            if (execution.Activity.StateId == _state.TriggerActivityId) (_state.TriggerActivityId, _state.TriggerPayload) = (null, null);
            Burn(execution);
            _state.Remove(execution);
            if (execution.Parent is not { } parent)
            {
                End(Ended());
                return;
            }

            if (Continue(parent, execution.Activity, outcomes) is not { } ended) return;
            (execution, outcomes, payload) = (parent, ended, BurstContext.ContainerPayload(ended));
        }
    }

    private IReadOnlyList<string>? Continue(Execution parent, Activity child, IReadOnlyList<string> outcomes)
    {
        try
        {
            _context.Scope.Current = parent;
            return ((Container)parent.Activity).ChildEnded(this, parent, child, outcomes);
        }
        catch (ExpressionException exception)
        {
            Fail(parent, new Fault("ExpressionError", exception.Message));
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && _options.IsOutage?.Invoke(exception) != true)
        {
            // The box has ended; it is its container that cannot go on.
            Fail(parent, Thrown(exception));
            return null;
        }
    }

    private static Fault Thrown(Exception exception) => new(exception.GetType().Name, exception.Message) { StackTrace = exception.StackTrace };

    private WorkflowSubStatus Ended() => Definition.ContinueWithIncidents || _state.Incidents.Count == 0 ? WorkflowSubStatus.Finished : WorkflowSubStatus.Faulted;

    private void Suspend(Execution execution, IReadOnlyList<BookmarkRequest> requests)
    {
        var activity = execution.Activity;
        execution.Status = ExecutionStatus.Waiting;
        execution.Waits ??= [];
        foreach (var request in requests)
        {
            var id = Guid.CreateVersion7();
            execution.Waits.Add(new Wait(id, request.Name, request.Stays));
            Added.Add(new Bookmark(id, request.Name, request.Key, activity.NodeId, activity.Id, activity.TypeName, execution.Id, request.Payload?.ToJsonString(), request.WaitsFor, request.DueIn, request.Stays));
        }

        if (execution.Waits.Count == 0) Fail(execution, new Fault("WaitsForNothing", $"{activity.Title} waits, but names no bookmark."));
        else Journal.Add(execution, "Suspended", requests.Count > 0 ? requests[0].WaitsFor : null, _context.Payload(null));
    }

    /// <summary>A fault is data: an incident, and the box stays where it is until it is retried or cancelled.</summary>
    private void Fail(Execution execution, Fault fault)
    {
        // What breaks after a box has ended is its container's.
        while (execution is { Status: ExecutionStatus.Ended, Parent: { } parent }) execution = parent;
        if (execution.Status == ExecutionStatus.Ended) return;
        fault = fault with { Message = WholeText.Of(fault.Message) };
        CancelChildren(execution);
        Burn(execution);
        execution.Status = ExecutionStatus.Faulted;
        _state.Incidents.Add(new Incident(execution.Activity.Id, execution.Activity.NodeId, execution.Activity.TypeName, execution.Id, fault, _time.GetUtcNow()));
        Journal.Add(execution, "Faulted", fault.Message, Journal.Payload(fault));
    }

    private void Burn(Execution execution)
    {
        if (execution.Waits is not { } waits) return;
        while (waits.Count > 0) Burn(execution, waits[^1]);
    }

    private void Burn(Execution execution, Wait wait)
    {
        execution.Waits!.Remove(wait);
        if (Added.RemoveAll(bookmark => bookmark.Id == wait.Id) == 0) Burned.Add(wait.Id);
    }

    /// <summary>Says why nothing happens any more: a flowchart in token mode waits for connections that nobody will follow.</summary>
    private void TellOfStandstill()
    {
        foreach (var execution in _state.Active)
        {
            if (execution.Children == 0) Journal.Add(execution, "Suspended", "Waits for connections that nothing will follow any more.", null);
        }
    }

    /// <summary>Says where the instance stands. With the fault strategy an incident ends it once everything that was scheduled has run.</summary>
    private void Settle(bool interrupted)
    {
        if (_state.Status == WorkflowStatus.Finished) return;
        if (IsStopped) (_state.SubStatus, RunAgain) = (WorkflowSubStatus.Suspended, false);
        else if (_state.Scheduled.Count > 0) _state.SubStatus = interrupted ? WorkflowSubStatus.Interrupted : WorkflowSubStatus.Executing;
        else if (RunAgain || interrupted || Ended() == WorkflowSubStatus.Finished)
        {
            _state.SubStatus = WorkflowSubStatus.Suspended;
            if (!RunAgain && !interrupted && !_state.Active.Exists(static execution => execution.Status is ExecutionStatus.Waiting or ExecutionStatus.Faulted)) TellOfStandstill();
        }
        else (_state.Status, _state.SubStatus) = (WorkflowStatus.Finished, WorkflowSubStatus.Faulted);
    }
}
