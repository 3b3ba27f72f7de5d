using System.Collections;
using System.Text.Json;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>A job as a worker claimed it.</summary>
/// <param name="WorkspaceId">Empty for work of no workspace: mails of accounts.</param>
/// <param name="CampaignId">Null for work of no campaign.</param>
/// <param name="LeadId">Null for a job that works on the campaign or on a part of it.</param>
/// <param name="Payload">What the selection gave this job, for example the lead ids of its part; undefined when nothing.</param>
/// <param name="Parameters">The box's inputs, the same for the whole batch.</param>
/// <param name="Checkpoint">What an earlier attempt stored on its way; undefined at first.</param>
internal sealed record ClaimedJob(
    Guid Id, Guid BatchId, Guid WorkspaceId, Guid? CampaignId, Guid? LeadId, int Attempt, Guid ClaimToken,
    JsonElement Payload, JsonElement Parameters, JsonElement Checkpoint)
{
    /// <summary>For kinds that work on a campaign.</summary>
    public Guid RequireCampaign() => CampaignId ?? throw new InvalidOperationException($"The job {Id} is of no campaign.");

    /// <summary>Nodes that died with it.</summary>
    public int Deaths { get; init; }
}

/// <summary>How one attempt at a job ended.</summary>
internal abstract record JobOutcome<TResult>
{
    private JobOutcome() { }

    /// <summary>Done, with what is to be saved.</summary>
    public sealed record Completed(TResult Result) : JobOutcome<TResult>;

    /// <summary>Nothing to do for this lead.</summary>
    public sealed record Skipped(string Reason) : JobOutcome<TResult>;

    /// <summary>The failure's kind decides: wait, try again by the kind's schedule, pause the batch, or end as Failed.</summary>
    public sealed record Failed(ProviderFailure Failure) : JobOutcome<TResult>;

    /// <summary>Not finished yet: run again after this time without spending an attempt (a provider's asynchronous job, a settle time).</summary>
    public sealed record Again(TimeSpan After) : JobOutcome<TResult>;

    public static implicit operator JobOutcome<TResult>(TResult result) => new Completed(result);
    public static implicit operator JobOutcome<TResult>(ProviderFailure failure) => new Failed(failure);
}

/// <summary>A job that ended for good, to be saved: exactly one of result, skip reason and failure is set.</summary>
internal sealed record EndedJob<TResult>(ClaimedJob Job, TResult? Result, string? SkipReason, ProviderFailure? Failure);

/// <summary>Lets a running job store what it must not pay for twice.</summary>
internal abstract class JobProgress
{
    /// <summary>Stores the checkpoint within 250 ms, together with other results; the next attempt sees it. Does not wait. It is progress: the
    /// job has all its attempts again.</summary>
    public abstract void Checkpoint(JsonElement checkpoint);

    /// <summary>What it may spend at the language model; null where the campaign has no budget.</summary>
    public virtual JobBudget? Budget => null;
}

/// <summary>Calls that one job makes on one limited account.</summary>
/// <param name="Key">The provider account, for example <c>vendor:3f2a…</c>.</param>
internal readonly record struct LimitCost(string Key, int Calls);

/// <summary>One kind of job. Loading and saving work on many jobs with a few statements; running does the provider calls of one.</summary>
internal abstract class JobHandler<TInput, TResult> : IJobKind
{
    public abstract string Kind { get; }

    /// <summary>True for jobs with effects outside (a push): once started they go on after the campaign was cancelled, also through
    /// Again and retries, until what they began is reconciled. Their <see cref="LoadAsync"/> sees the campaign's status and starts
    /// nothing new. Other jobs of a cancelled campaign end as Cancelled.</summary>
    public virtual bool FinishesAfterCancel => false;

    /// <summary>True where jobs of no workspace work over all of them: mails of accounts. Such a job of another kind sees nothing.</summary>
    public virtual bool SpansWorkspaces => false;

    /// <summary>True where saving writes to the campaigns' own rows, which are locked before the batches then.</summary>
    public virtual bool WritesCampaign => false;

    /// <summary>For kinds that a stage opens, the SQL that selects the jobs of a batch: columns <c>lead_id uuid, payload jsonb</c> (either may be null), parameters
    /// <c>@workspace, @campaign, @parameters</c> (jsonb). It runs in the transaction that creates the batch. Null for kinds without a stage, whose jobs
    /// <see cref="JobQueue"/> adds.</summary>
    public virtual string? SelectSql => null;

    /// <summary>The provider calls of one job, taken from the accounts' limits when it is claimed.</summary>
    public virtual ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) => new([]);

    /// <summary>What one job usually costs at most at the language model, in USD; reserved against the campaign's budget when it is
    /// claimed. A call that may cost more reserves more (<see cref="JobBudget"/>).</summary>
    public virtual decimal ReservedUsd => 0;

    /// <summary>Jobs of this kind in flight on one node where no account's limit is lower.</summary>
    public virtual int Concurrency => 128;

    /// <summary>Waits before the second, third, … attempt; when it is used up the job is Failed.</summary>
    public virtual IReadOnlyList<TimeSpan> RetrySchedule => JobDefaults.Exponential;

    /// <summary>Reads what the jobs need, all of one workspace, with one statement for all. A job without input is skipped as gone.</summary>
    public abstract Task<IReadOnlyDictionary<Guid, TInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken);

    /// <summary>Does one job. Exceptions other than cancellation count as a bug and end the job as Failed.</summary>
    public abstract Task<JobOutcome<TResult>> RunAsync(ClaimedJob job, TInput input, JobProgress progress, CancellationToken cancellationToken);

    /// <summary>Called before the results of ended jobs are written, for what must be known by then, such as what their calls cost.</summary>
    public virtual Task BeforeSaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes the ended jobs' results with a few statements, in the transaction that moves the jobs to their end state. Only
    /// jobs of one workspace whose claim still held are here.</summary>
    public abstract Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<TResult>> ended, CancellationToken cancellationToken);
}

internal static class JobDefaults
{
    /// <summary>The selection of a stage that is one job.</summary>
    public const string OneJob = "select null::uuid as lead_id, null::jsonb as payload";

    public static readonly IReadOnlyList<TimeSpan> Exponential =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(4)];

    /// <summary>For the one job that a whole campaign waits for: no other job's failures open a circuit for it, so it waits out an
    /// outage of about a day by itself, and goes on within seconds of its end.</summary>
    public static readonly IReadOnlyList<TimeSpan> Patient = new PatientSchedule();

    private sealed class PatientSchedule : IReadOnlyList<TimeSpan>
    {
        private static readonly TimeSpan[] First = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];
        private static readonly TimeSpan Then = TimeSpan.FromSeconds(5);

        public int Count => First.Length + 17_280;

        public TimeSpan this[int index] => index < First.Length ? First[index] : Then;

        public IEnumerator<TimeSpan> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
