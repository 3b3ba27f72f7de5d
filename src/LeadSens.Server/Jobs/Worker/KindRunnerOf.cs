using System.Collections.Concurrent;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Jobs;

/// <summary>Runs one kind's jobs: load many, run each, hand the ends to the flush.</summary>
internal sealed class KindRunner<TInput, TResult> : KindRunner
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    private readonly JobHandler<TInput, TResult> handler;
    private readonly RunnerServices services;
    private readonly ConcurrentQueue<(RunningJob Running, TInput Input)> ready = new();
    private readonly ResultBuffer<TResult> buffer = new();
    private readonly ResultWriter<TInput, TResult> writer;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task flushing;
    private int inFlight;

    public KindRunner(JobHandler<TInput, TResult> handler, RunnerServices services)
        : base(handler.Kind, handler.Concurrency, services.Capacity.Signal)
    {
        (this.handler, this.services) = (handler, services);
        writer = new(handler, services.Database, services.Logger);
        flushing = FlushAsync();
    }

    public override decimal ReservedUsd => handler.ReservedUsd;
    public override bool FinishesAfterCancel => handler.FinishesAfterCancel;
    public override bool SpansWorkspaces => handler.SpansWorkspaces;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        handler.CostsAsync(workspaceId, cancellationToken);

    public override void Accept(Claim claim)
    {
        Enter(claim.Jobs.Count);
        _ = LoadAsync(claim);
    }

    private async Task LoadAsync(Claim claim)
    {
        var now = services.Time.GetTimestamp();
        var runs = new RunningJob[claim.Jobs.Count];
        for (var i = 0; i < runs.Length; i++)
        {
            var wait = claim.Grant?.WaitOf(i) ?? TimeSpan.Zero;
            var budget = claim.ReservedUsd > 0 ? new JobBudget(services.Database, claim.Jobs[i], claim.ReservedUsd) : null;
            var startsAt = now + (long)(wait.TotalSeconds * services.Time.TimestampFrequency);
            runs[i] = new(claim.Jobs[i], claim, startsAt, budget, PlacesOf(claim, startsAt), buffer.AddCheckpoint);
            Track(runs[i]);
        }

        await LoadAsync(runs, now);
        Pump();
    }

    /// <summary>One input that cannot be read does not fail the others: halve until it stands alone.</summary>
    private async Task LoadAsync(RunningJob[] runs, long now)
    {
        Dictionary<Guid, TInput> inputs;
        try
        {
            inputs = await InputsAsync(runs);
        }
        catch (Exception bug) when (runs.Length > 1 && !ResultWriter<TInput, TResult>.IsPassing(bug, stopping.Token))
        {
            await LoadAsync(runs[..(runs.Length / 2)], now);
            await LoadAsync(runs[(runs.Length / 2)..], now);
            return;
        }
        catch (Exception failure)
        {
            if (!stopping.IsCancellationRequested) Log.InputsNotLoaded(services.Logger, failure, Kind, runs.Length);
            var outcome = ResultWriter<TInput, TResult>.IsPassing(failure, stopping.Token)
                ? (JobOutcome<TResult>)new JobOutcome<TResult>.Again(services.Options.Sweep)
                : JobFailure.Bug(failure);
            foreach (var run in runs) End(run, outcome, now);
            return;
        }

        foreach (var run in runs)
        {
            if (run.Job.Deaths >= JobFailure.MostDeaths) End(run, JobFailure.NodeDied(run.Job.Deaths), now);
            else if (inputs.TryGetValue(run.Job.Id, out var input)) ready.Enqueue((run, input));
            else End(run, new JobOutcome<TResult>.Skipped(JobFailure.Gone), now);
        }
    }

    /// <summary>Each workspace's are read where its rows alone are seen.</summary>
    private async Task<Dictionary<Guid, TInput>> InputsAsync(RunningJob[] runs)
    {
        var inputs = new Dictionary<Guid, TInput>(runs.Length);
        foreach (var workspace in runs.Select(run => run.Job).Where(job => job.Deaths < JobFailure.MostDeaths).GroupBy(job => job.WorkspaceId))
        {
            using var scope = ScopeOf(workspace.Key, handler.SpansWorkspaces);
            await using var connection = await services.Scoped.OpenConnectionAsync(stopping.Token);
            foreach (var (id, input) in await handler.LoadAsync(connection, [.. workspace], stopping.Token)) inputs[id] = input;
        }

        return inputs;
    }

    /// <summary>The calls of one job, as far apart as the account's rate says.</summary>
    private Place[] PlacesOf(Claim claim, long startsAt) => Array.ConvertAll(claim.Held, cost => new Place(services.Book, services.Time, cost.Key).Take()
        .Granted(cost.Calls, startsAt, claim.Grant?.SpacingOf(cost.Key) / cost.Calls ?? TimeSpan.Zero));

    private void Pump()
    {
        while (!ready.IsEmpty)
        {
            if (Interlocked.Increment(ref inFlight) > Concurrency || !ready.TryDequeue(out var next))
            {
                Interlocked.Decrement(ref inFlight);
                return;
            }

            _ = RunAsync(next.Running, next.Input);
        }
    }

    private async Task RunAsync(RunningJob running, TInput input)
    {
        using var scope = ScopeOf(running.Job.WorkspaceId, handler.SpansWorkspaces);
        var wait = services.Time.GetElapsedTime(services.Time.GetTimestamp(), running.StartsAt);
        long started = 0;
        JobOutcome<TResult> outcome;
        try
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, services.Time, stopping.Token);
            started = services.Time.GetTimestamp();
            using var calls = CallScope.OfJob(running.Places);
            outcome = stopping.IsCancellationRequested ? new JobOutcome<TResult>.Again(TimeSpan.Zero)
                : HeldBack(running) is { } left ? new JobOutcome<TResult>.Again(left)
                : running.Job.Deaths > 0 ? await TryAsync(running, input)
                : await handler.RunAsync(running.Job, input, running, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            outcome = new JobOutcome<TResult>.Again(TimeSpan.Zero);
        }
        catch (Exception passing) when (ResultWriter<TInput, TResult>.IsPassing(passing, stopping.Token))
        {
            Log.JobWaitsForDatabase(services.Logger, passing, Kind, running.Job.Id);
            outcome = new JobOutcome<TResult>.Again(services.Options.Sweep);
        }
        catch (Exception bug)
        {
            Log.JobStopped(services.Logger, bug, Kind, running.Job.Id);
            outcome = JobFailure.Bug(bug);
        }

        Interlocked.Decrement(ref inFlight);
        End(running, outcome, started);
        Pump();
    }

    /// <summary>A node has died with it: no other such job runs beside it, so that the next death is its own.</summary>
    private async Task<JobOutcome<TResult>> TryAsync(RunningJob running, TInput input)
    {
        await services.Capacity.Trials.WaitAsync(stopping.Token);
        try
        {
            return await Leases.TryAsync(services.Database, running.Job, stopping.Token)
                ? await handler.RunAsync(running.Job, input, running, stopping.Token)
                : new JobOutcome<TResult>.Again(TimeSpan.Zero);
        }
        finally
        {
            services.Capacity.Trials.Release();
        }
    }

    /// <summary>The account said 429 or went down after this job was claimed: it waits in the queue, not here. How long is for the
    /// next claim to say, by the database's clock; what this node knows of it may be out of date.</summary>
    private TimeSpan? HeldBack(RunningJob running)
    {
        if (running.Claim.Probe is not null) return null;
        foreach (var key in running.Claim.Keys)
        {
            if (services.Book.BlockedFor(key) is var blocked && blocked > TimeSpan.Zero) return blocked < LongestHold ? blocked : LongestHold;
            if (services.Health.OpenFor(key) is { } open) return open < LongestHold ? open : LongestHold;
        }

        return null;
    }

    private void End(RunningJob running, JobOutcome<TResult> outcome, long started)
    {
        running.Dispose();
        var (move, ended) = outcome switch
        {
            JobOutcome<TResult>.Completed done => (JobMove.End(JobMove.Completed), new EndedJob<TResult>(running.Job, done.Result, null, null)),
            JobOutcome<TResult>.Skipped skipped => (JobMove.End(JobMove.Skipped), new EndedJob<TResult>(running.Job, default, skipped.Reason, null)),
            JobOutcome<TResult>.Again again => (JobMove.Again(again.After), (EndedJob<TResult>?)null),
            JobOutcome<TResult>.Failed failed => EndOf(running, failed.Failure),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
        if (move.Failure is null && outcome is not JobOutcome<TResult>.Again) services.Health.Succeeded(running.Claim.Keys, null);
        var took = started == 0 ? TimeSpan.Zero : services.Time.GetElapsedTime(started);
        var more = Leave(running, took);
        buffer.Add(new(running, move, ended), atOnce: !more || move.Failure is not null || running.Claim.Probe is not null);
    }

    private (JobMove, EndedJob<TResult>?) EndOf(RunningJob running, ProviderFailure failure)
    {
        var key = AccountHealth.KeyOf(failure, running);
        services.Health.Succeeded(running.Claim.Keys, RetryPolicy.IsOutage(failure.Kind) ? key : null);
        if (failure.Kind == ProviderFailureKind.RateLimited) services.Book.Block(key, failure.RetryAfter ?? RetryPolicy.RateLimitedWait);
        TimeSpan? open = null;
        if (RetryPolicy.IsOutage(failure.Kind) && running.Claim.Probe is null)
        {
            services.Health.Failed(key, running.Job.Id);
            open = services.Health.OpenFor(key);
        }

        var move = RetryPolicy.After(failure, running.Attempt, handler.RetrySchedule, open, Random.Shared.NextDouble());
        return (move, move.State == JobMove.Failed ? new EndedJob<TResult>(running.Job, default, null, failure) : null);
    }

    private async Task FlushAsync()
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            Flush<TResult> flush;
            try
            {
                flush = await buffer.TakeAsync(services.Options.ResultDelay, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await WriteUntilDoneAsync(flush);
        }
    }

    private async Task WriteUntilDoneAsync(Flush<TResult> flush)
    {
        if (flush.Ends.Count == 0 && flush.Checkpoints.Count == 0) return;
        while (true)
        {
            try
            {
                await ApartAsync(() => TellAccountsAsync(flush.Ends));
                if (flush.Ends.Count > 0) await ApartAsync(() => handler.BeforeSaveAsync(CancellationToken.None));
                var written = await writer.WriteAsync(flush, CancellationToken.None);
                foreach (var end in flush.Ends) Forget(end.Running);
                if (written.BatchCompleted) services.Workflows.Wake();
                if (written.JobsQueued) services.Jobs.Local.Wake();
                return;
            }
            catch (Exception failure)
            {
                Log.FlushDelayed(services.Logger, failure, Kind);
                if (stopping.IsCancellationRequested) return;
                await Task.Delay(services.Options.ResultDelay, services.Time, CancellationToken.None);
            }
        }
    }

    /// <summary>What it does is tried again by its owner, or by the next failure: only a database that is away holds results up.</summary>
    private async Task ApartAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception bug) when (!ResultWriter<TInput, TResult>.IsPassing(bug, CancellationToken.None))
        {
            Log.FlushDelayed(services.Logger, bug, Kind);
        }
    }

    /// <summary>What the ends say about their accounts goes to the database first: no node claims into a wall.</summary>
    private async Task TellAccountsAsync(IReadOnlyList<AttemptEnd<TResult>> ends)
    {
        HashSet<string>? told = null;
        foreach (var end in ends)
        {
            var probe = end.Running.Claim.Probe;
            if (end.Move.Failure is not { } failure)
            {
                if (probe is not null) await services.Health.CloseAsync(probe, CancellationToken.None);
                continue;
            }

            var key = AccountHealth.KeyOf(failure, end.Running);
            if (!(told ??= []).Add($"{failure.Kind} {key} {end.Running.Job.BatchId}")) continue;
            await services.Consequences.DrawAsync(key, failure, end.Running, probe, CancellationToken.None);
        }
    }

    public override async Task StopAsync(TimeSpan grace)
    {
        var patience = services.Time.GetTimestamp();
        while (Load > 0 && services.Time.GetElapsedTime(patience) < grace) await Task.Delay(TimeSpan.FromMilliseconds(20), services.Time);
        await stopping.CancelAsync();
        while (Load > 0 && services.Time.GetElapsedTime(patience) < grace * 2) await Task.Delay(TimeSpan.FromMilliseconds(5), services.Time);
        await flushing;
        await WriteUntilDoneAsync(buffer.Take());
    }

    public override void Dispose()
    {
        stopping.Dispose();
        buffer.Dispose();
        base.Dispose();
    }
}

/// <summary>Wakes the claiming loop when a kind has free places; apart from <see cref="JobSignal"/>, which also asks for a new look.</summary>
internal sealed class CapacitySignal : IDisposable
{
    public WakeSignal Signal { get; } = new();

    /// <summary>Of the jobs with which a node died, the node runs one at a time.</summary>
    public SemaphoreSlim Trials { get; } = new(1);

    public void Dispose()
    {
        Signal.Dispose();
        Trials.Dispose();
    }
}

/// <summary>What every kind's runner needs.</summary>
internal sealed record RunnerServices(
    SystemDatabase Database, Database Scoped, LimitBook Book, AccountHealth Health, FailureConsequences Consequences, WorkflowSignal Workflows, JobSignal Jobs,
    CapacitySignal Capacity, TimeProvider Time, IOptions<JobsOptions> OptionsOf, ILogger<JobWorker> Logger)
{
    public JobsOptions Options => OptionsOf.Value;
}
